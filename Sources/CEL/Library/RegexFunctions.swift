extension Library {
  static func declareRegex(_ table: inout FunctionTable) {
    for isMethod in [true, false] {
      table.binary(
        "matches", .string, .string, .bool, isMethod: isMethod, cost: .match,
        specialize: compiled { regex, text in matches(regex, text) }
      ) { text, pattern in
        applied(text, pattern, "matches") { matches($0, $1) }
      }
    }
    table.binary(
      "find", .string, .string, .string, isMethod: true, cost: .match,
      specialize: compiled { regex, text in find(regex, text) }
    ) { text, pattern in
      applied(text, pattern, "find") { find($0, $1) }
    }
    table.binary(
      "findAll", .string, .string, .list(.string), isMethod: true, cost: .match,
      specialize: compiled { regex, text in findAll(regex, text, limit: -1) }
    ) { text, pattern in
      applied(text, pattern, "findAll") { findAll($0, $1, limit: -1) }
    }
    table.ternary("findAll", [.string, .string, .int], .list(.string), cost: .match) {
      text, pattern, limit in
      guard case .int(let limit) = limit else {
        return .noOverload("findAll", [text, pattern, limit])
      }
      return applied(text, pattern, "findAll") { findAll($0, $1, limit: limit) }
    }
    declareExtraction(&table)
  }

  private static func declareExtraction(_ table: inout FunctionTable) {
    table.binary("regex.extract", .string, .string, .optional(.string), cost: .match) {
      applied($0, $1, "regex.extract") { regex, text in
        guard regex.captureCount <= 1 else { return tooManyGroups("extract") }
        return search(regex, text, limit: 1) { matches, text in
          guard let match = matches.first else { return .none }
          return group(match, text).map { .some(.string($0)) } ?? .none
        }
      }
    }
    table.binary("regex.extractAll", .string, .string, .list(.string), cost: .match) {
      applied($0, $1, "regex.extractAll") { regex, text in
        guard regex.captureCount <= 1 else { return tooManyGroups("extractAll") }
        return search(regex, text, limit: -1) { matches, text in
          .list(matches.compactMap { group($0, text) }.map { .string($0) })
        }
      }
    }
    table.ternary(
      "regex.replace", [.string, .string, .string], .string, isMethod: false, cost: .match
    ) { replace([$0, $1, $2, .int(-1)]) }
    table.add(
      "regex.replace",
      Overload(
        "regex.replace(string,string,string,int)", [.string, .string, .string, .int], .string,
        cost: .match, .variadic { replace($0) }))
  }

  private static func tooManyGroups(_ name: String) -> CELValue {
    .invalid("regex.\(name)() takes a pattern with at most one group")
  }

  // MARK: Patterns

  /// Compiles a pattern that is a constant once, when the expression is compiled.
  private static func compiled(
    _ function: @escaping @Sendable (Regex, String) -> CELValue
  ) -> @Sendable ([CELValue?]) -> Overload.Implementation? {
    { arguments in
      guard arguments.count == 2, case .string(let pattern) = arguments[1],
        case .success(let regex) = pattern.regex
      else { return nil }
      return .binary { text, _ in
        guard case .string(let text) = text else { return .noOverload("matches", [text]) }
        return function(regex, text)
      }
    }
  }

  private static func applied(
    _ text: CELValue, _ pattern: CELValue, _ name: String,
    _ function: (Regex, String) -> CELValue
  ) -> CELValue {
    guard case .string(let text) = text, case .string(let pattern) = pattern else {
      return .noOverload(name, [text, pattern])
    }
    switch pattern.regex {
    case .success(let regex): return function(regex, text)
    case .failure(let error):
      return .invalid(
        "\(Quoting.quote(String(pattern.prefix(60)))) is no pattern: \(error.message)")
    }
  }

  private static let tooManySteps = CELValue.failure(
    .costLimit, "the match took too many steps and was stopped")

  private static func matches(_ regex: Regex, _ text: String) -> CELValue {
    do {
      return .bool(try RegexMatcher.matches(regex, text))
    } catch {
      return tooManySteps
    }
  }

  private static func find(_ regex: Regex, _ text: String) -> CELValue {
    search(regex, text, limit: 1) { matches, text in
      .string(matches.first.map { slice(text, $0[0], $0[1]) } ?? "")
    }
  }

  private static func findAll(_ regex: Regex, _ text: String, limit: Int64) -> CELValue {
    search(regex, text, limit: limit) { matches, text in
      .list(matches.map { .string(slice(text, $0[0], $0[1])) })
    }
  }

  private static func slice(_ text: [UInt8], _ start: Int32, _ end: Int32) -> String {
    String(decoding: text[Int(start)..<Int(end)], as: UTF8.self)
  }

  /// The first group, or the whole match where the pattern has none.
  private static func group(_ match: [Int32], _ text: [UInt8]) -> String? {
    if match.count == 2 { return slice(text, match[0], match[1]) }
    return match[2] < 0 ? nil : slice(text, match[2], match[3])
  }

  /// Finds matches that do not overlap, at most `limit` where that is not negative.
  private static func search(
    _ regex: Regex, _ text: String, limit: Int64, _ use: ([[Int32]], [UInt8]) -> CELValue
  ) -> CELValue {
    let bytes = Array(text.utf8)
    var matcher = RegexMatcher(regex, bytes, captures: true)
    var matches: [[Int32]] = []
    var position = 0
    var last: Int32 = -1
    do {
      while limit < 0 || matches.count < limit, position <= bytes.count,
        let match = try matcher.match(from: position)
      {
        let isEmpty = match[0] == match[1]
        // An empty match right behind another match is none, as in Go.
        if !isEmpty || match[0] != last {
          matches.append(match)
          last = match[1]
        }
        position = Int(match[1])
        if isEmpty { position += Swift.max(1, matcher.decode(position).1) }
      }
    } catch {
      return tooManySteps
    }
    return use(matches, bytes)
  }

  // MARK: Replacing

  private static func replace(_ arguments: [CELValue]) -> CELValue {
    guard arguments.count == 4, case .string(let replacement) = arguments[2],
      case .int(let limit) = arguments[3]
    else { return .noOverload("regex.replace", arguments) }
    return applied(arguments[0], arguments[1], "regex.replace") { regex, text in
      search(regex, text, limit: limit) { matches, text in
        replace(matches, text, Array(replacement.utf8))
      }
    }
  }

  /// Puts `\1` and its like in; `\0` is the whole match.
  private static func replace(
    _ matches: [[Int32]], _ text: [UInt8], _ template: [UInt8]
  ) -> CELValue {
    var result: [UInt8] = []
    var position = 0
    for match in matches {
      result.append(contentsOf: text[position..<Int(match[0])])
      var index = 0
      while index < template.count {
        guard template[index] == UInt8(ascii: "\\") else {
          result.append(template[index])
          index += 1
          continue
        }
        index += 1
        guard index < template.count else { return .invalid("a replacement ends in a backslash") }
        if template[index] == UInt8(ascii: "\\") {
          result.append(template[index])
        } else {
          let number = Int(template[index]) - 0x30
          guard number >= 0, number <= 9, 2 * number + 1 < match.count else {
            return .invalid("a replacement names a group that the pattern does not have")
          }
          if match[2 * number] >= 0 {
            result.append(contentsOf: text[Int(match[2 * number])..<Int(match[2 * number + 1])])
          }
        }
        index += 1
      }
      position = Int(match[1])
      if let tooLong = Text.tooLong(result.count) { return tooLong }
    }
    result.append(contentsOf: text[position...])
    return .string(String(decoding: result, as: UTF8.self))
  }
}

extension String {
  /// The text as a pattern.
  fileprivate var regex: Result<Regex, RegexError> {
    do throws(RegexError) {
      return .success(try Regex(self))
    } catch {
      return .failure(error)
    }
  }
}
