/// What the type variables of one expression stand for, as far as it is known.
struct Substitution: Sendable {
  private var bindings: [CELType?] = []

  /// A new type variable.
  mutating func fresh() -> CELType {
    bindings.append(nil)
    return .variable(bindings.count - 1)
  }

  func binding(_ variable: Int) -> CELType? { bindings[variable] }

  /// The type with its parameters replaced by new variables; one name is one variable.
  mutating func instantiate(_ type: CELType, _ names: inout [String: CELType]) -> CELType {
    switch type {
    case .parameter(let name):
      if let known = names[name] { return known }
      let new = fresh()
      names[name] = new
      return new
    case .list(let element): return .list(instantiate(element, &names))
    case .map(let key, let value):
      return .map(instantiate(key, &names), instantiate(value, &names))
    case .type(let inner): return .type(instantiate(inner, &names))
    case .opaque(let name, let parameters) where !parameters.isEmpty:
      return .opaque(name, parameters.map { instantiate($0, &names) })
    default: return type
    }
  }

  /// The type with all that is known put in; what is not known becomes `dyn` where asked.
  func resolve(_ type: CELType, unknownAsDyn: Bool = false) -> CELType {
    switch type {
    case .variable(let number):
      if let bound = bindings[number] { return resolve(bound, unknownAsDyn: unknownAsDyn) }
      return unknownAsDyn ? .dyn : type
    case .list(let element): return .list(resolve(element, unknownAsDyn: unknownAsDyn))
    case .map(let key, let value):
      return .map(
        resolve(key, unknownAsDyn: unknownAsDyn), resolve(value, unknownAsDyn: unknownAsDyn))
    case .type(let inner): return .type(resolve(inner, unknownAsDyn: unknownAsDyn))
    case .opaque(let name, let parameters) where !parameters.isEmpty:
      return .opaque(name, parameters.map { resolve($0, unknownAsDyn: unknownAsDyn) })
    default: return type
    }
  }

  mutating func bind(_ variable: Int, to type: CELType) { bindings[variable] = type }

  /// Whether values of one type may stand where another is expected; binds variables if so.
  mutating func accepts(_ actual: CELType, as expected: CELType) -> Bool {
    let before = bindings
    if unify(actual, expected) { return true }
    bindings = before
    return false
  }

  /// Whether each of some types may stand for its counterpart.
  mutating func accepts(_ actual: [CELType], as expected: [CELType]) -> Bool {
    guard actual.count == expected.count else { return false }
    let before = bindings
    for (a, e) in zip(actual, expected) where !unify(a, e) {
      bindings = before
      return false
    }
    return true
  }

  private mutating func unify(_ actual: CELType, _ expected: CELType) -> Bool {
    if case .variable(let number) = expected {
      let (isValid, isBound) = substitute(actual, for: number)
      if isValid { return true }
      if isBound { return false }
    }
    if case .variable(let number) = actual { return substitute(expected, for: number).isValid }
    if actual.isDynamic || expected.isDynamic { return true }
    if case .null = actual { return Self.isNullable(expected) }
    if case .null = expected { return Self.isNullable(actual) }
    switch (actual, expected) {
    case (.list(let a), .list(let e)): return unify(a, e)
    case (.map(let ak, let av), .map(let ek, let ev)): return unify(ak, ek) && unify(av, ev)
    case (.type, .type): return true
    case (.opaque(let a, let ap), .opaque(let e, let ep)):
      guard a == e, ap.count == ep.count else { return false }
      for (x, y) in zip(ap, ep) where !unify(x, y) { return false }
      return true
    default: return actual == expected
    }
  }

  private mutating func substitute(
    _ type: CELType, for variable: Int
  ) -> (isValid: Bool, isBound: Bool) {
    if type == .variable(variable) { return (true, true) }
    if let bound = bindings[variable] {
      if type == bound { return (true, true) }
      guard unify(type, bound) else { return (false, true) }
      let general = mostGeneral(type, bound)
      if !occurs(variable, in: general) { bindings[variable] = general }
      return (true, true)
    }
    guard !occurs(variable, in: type) else { return (false, false) }
    bindings[variable] = type
    return (true, false)
  }

  private func occurs(_ variable: Int, in type: CELType) -> Bool {
    switch type {
    case .variable(let number):
      if number == variable { return true }
      return bindings[number].map { occurs(variable, in: $0) } ?? false
    case .list(let element): return occurs(variable, in: element)
    case .map(let key, let value): return occurs(variable, in: key) || occurs(variable, in: value)
    case .type(let inner): return occurs(variable, in: inner)
    case .opaque(_, let parameters): return parameters.contains { occurs(variable, in: $0) }
    default: return false
    }
  }

  private static func isNullable(_ type: CELType) -> Bool {
    switch type {
    case .null, .timestamp, .duration, .opaque, .object: true
    default: false
    }
  }

  /// The less specific of two types that fit each other.
  func mostGeneral(_ left: CELType, _ right: CELType) -> CELType {
    isEqualOrLessSpecific(left, right) ? left : right
  }

  private func isEqualOrLessSpecific(_ left: CELType, _ right: CELType) -> Bool {
    if left.isDynamic { return true }
    if case .variable = left { return true }
    if right.isDynamic { return false }
    if case .variable = right { return false }
    // What can be null is more general than null itself.
    if case .null = right { return Self.isNullable(left) }
    switch (left, right) {
    case (.list(let a), .list(let b)): return isEqualOrLessSpecific(a, b)
    case (.map(let ak, let av), .map(let bk, let bv)):
      return isEqualOrLessSpecific(ak, bk) && isEqualOrLessSpecific(av, bv)
    case (.type, .type): return true
    case (.opaque(let a, let ap), .opaque(let b, let bp)):
      return a == b && ap.count == bp.count
        && zip(ap, bp).allSatisfy { isEqualOrLessSpecific($0, $1) }
    default: return left == right
    }
  }

  /// The type of a collection that holds both, `dyn` where they do not fit.
  mutating func join(_ left: CELType?, _ right: CELType) -> CELType {
    guard let left else { return right }
    if accepts(left, as: right) { return mostGeneral(left, right) }
    return .dyn
  }
}
