import ValueTree

/// Reads all documents of one text.
struct StreamReader: ~Copyable {
  private let text: SourceText
  private let limits: YAMLLimits
  private var result: [YAMLDocument] = []
  private var builder = ValueBuilder(expectedWords: 512)
  /// What the open lists and maps wait for.
  private var states: [State] = []
  private var nodes = 0
  /// The number of documents that have begun.
  private var count = 0
  /// Where the parser at hand began.
  private var base = 0
  /// A place known both ways: its offset, and its characters from `base`.
  private var known = (offset: 0, index: 0)
  /// The beginning of the line where the latest document begins, and its number.
  private var lineStart = 0
  private var line = 1

  /// What an open list or map waits for.
  private enum State {
    case element, key, member
  }

  /// Why a document could not be read straight into the builder.
  private enum Detour: Error {
    case problem(TextProblem)
    /// It has aliases or merge keys, or a key twice.
    case needsGraph
  }

  init(text: SourceText, limits: YAMLLimits) {
    self.text = text
    self.limits = limits
  }

  mutating func documents() throws(YAMLError) -> [YAMLDocument] {
    while let next = try readStream() {
      base = next
      known = (next, 0)
    }
    return result
  }

  /// Reads from `base` to the end, or to where one JSON value follows another.
  private mutating func readStream() throws(YAMLError) -> Int? {
    do throws(TextProblem) {
      try EventParser.read(text, from: base) { parser throws(TextProblem) in
        while true {
          switch try next(&parser) {
          case .documentStart: try readDocument(&parser)
          case .streamEnd: return
          default: continue
          }
        }
      }
      return nil
    } catch {
      if text.looksLikeJSON, let offset = error.offset, offset > base, count > 0, states.isEmpty,
        error.isBetweenDocuments, offset < text.clean.count,
        text.clean[offset] == UInt8(ascii: "{")
      {
        return offset
      }
      throw text.error(error, from: lineStart, line: line)
    }
  }

  private mutating func next(_ parser: inout EventParser) throws(TextProblem) -> EventKind {
    do { return try parser.next() } catch { throw problem(error) }
  }

  private func problem(_ failure: EventParser.Failure) -> TextProblem {
    var problem = failure.problem(in: text, from: base)
    problem.isBetweenDocuments = failure.problem == "did not find expected <document start>"
    return problem
  }

  /// Notes that a document begins `index` characters behind `base`; returns where that is.
  private mutating func beginDocument(_ index: Int) -> Int {
    let offset = text.offset(after: index - known.index, from: known.offset)
    known = (offset, index)
    let start = text.lineStart(offset)
    if start > lineStart {
      line += text.breaks(from: lineStart, to: start)
      lineStart = start
    }
    return offset
  }

  private mutating func readDocument(_ parser: inout EventParser) throws(TextProblem) {
    let offset = beginDocument(parser.index)
    let number = count
    count += 1
    builder.reset()
    states.removeAll(keepingCapacity: true)
    nodes = 0
    let value: Value
    do throws(Detour) {
      try build(&parser)
      states.removeAll(keepingCapacity: true)
      value = builder.finish()
    } catch {
      switch error {
      case .problem(var problem):
        if problem.offset == nil {
          problem.offset = text.offset(after: parser.index, from: base)
        }
        throw problem
      case .needsGraph:
        value = try compose()
        while try next(&parser) != .documentEnd {}
        states.removeAll(keepingCapacity: true)
      }
    }
    guard !value.isNull else { return }
    result.append(
      YAMLDocument(
        value: value, index: number, text: text, limits: limits,
        start: Swift.max(lineStart, base), lineStart: lineStart, line: line, content: offset))
  }

  /// Reads the document at hand again, by way of its nodes.
  private func compose() throws(TextProblem) -> Value {
    let start = Swift.max(lineStart, base)
    let graph = try EventParser.read(text, from: start) { parser throws(TextProblem) in
      try NodeGraph(composing: &parser, of: text, from: start, limits: limits)
    }
    do { return try graph.value(limits: limits) } catch {
      var problem = error
      problem.offset = text.offset(after: problem.place ?? 0, from: start)
      throw problem
    }
  }

  // MARK: Values

  private mutating func build(_ parser: inout EventParser) throws(Detour) {
    while true {
      let kind: EventKind
      do { kind = try parser.next() } catch { throw .problem(problem(error)) }
      switch kind {
      case .scalar: try addScalar(parser)
      case .mapStart, .listStart: try open(parser, isMap: kind == .mapStart)
      case .mapEnd, .listEnd:
        do { try builder.end() } catch { throw .needsGraph }
        states.removeLast()
        noteValue()
      case .alias: throw .needsGraph
      case .documentEnd: return
      case .streamStart, .streamEnd, .documentStart: continue
      }
      if nodes > limits.nodes { throw .problem(.tooManyNodes(limits)) }
    }
  }

  @inline(__always)
  private mutating func noteValue() {
    nodes += 1
    if let last = states.last, last == .member { states[states.count - 1] = .key }
  }

  private mutating func open(
    _ parser: borrowing EventParser, isMap: Bool
  ) throws(Detour) {
    guard states.last != .key else { throw .problem(.complexKey(isMap: isMap)) }
    do { try parser.checkCollectionTag(isMap: isMap) } catch { throw .problem(error) }
    guard states.count < limits.depth else { throw .problem(.tooDeep(limits)) }
    if isMap {
      builder.beginMap()
      states.append(.key)
    } else {
      builder.beginList()
      states.append(.element)
    }
  }

  private mutating func addScalar(_ parser: borrowing EventParser) throws(Detour) {
    if states.last == .key {
      if parser.isMergeKey { throw .needsGraph }
      let other: String?
      do { other = try parser.key() } catch { throw .problem(error) }
      if let other {
        builder.key(Key(other))
      } else {
        parser.withText { unsafe builder.key($0.bytes, from: 0, count: $0.count) }
      }
      nodes += 1
      states[states.count - 1] = .member
      return
    }
    let scalar: Scalar
    do { scalar = try parser.scalar() } catch { throw .problem(error) }
    switch scalar {
    case .null: builder.null()
    case .bool(let bool): builder.bool(bool)
    case .int(let int): builder.int(int)
    case .double(let double): builder.double(double)
    case .text:
      parser.withText { unsafe builder.string($0.bytes, from: 0, count: $0.count) }
    case .other(let text): builder.string(text)
    }
    noteValue()
  }
}
