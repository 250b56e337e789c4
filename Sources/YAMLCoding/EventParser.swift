import CYAML

/// What libyaml's parser reports next.
enum EventKind: Sendable {
  case streamStart, streamEnd, documentStart, documentEnd
  case alias, scalar, listStart, listEnd, mapStart, mapEnd
}

/// libyaml's parser over a text, one event at a time.
///
/// All that is unsafe about parsing is in this type: it owns the parser and its latest event and
/// frees both on every path.
@safe struct EventParser: ~Copyable {
  /// What libyaml could not read; places count characters from where the parser began.
  struct Failure: Error {
    let problem: String
    let index: Int
    let context: String
    let contextIndex: Int
  }

  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>

  /// Runs `body` with a parser of the text from `start` on.
  static func read<Result, E: Error>(
    _ text: SourceText, from start: Int, _ body: (inout EventParser) throws(E) -> Result
  ) throws(E) -> Result {
    try unsafe text.clean.withUnsafeBufferPointer { bytes throws(E) in
      var parser = unsafe EventParser(bytes, from: start)
      return try body(&parser)
    }
  }

  private init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    precondition(start >= 0 && start <= bytes.count, "a parser begins inside its text")
    unsafe parser = .allocate(capacity: 1)
    unsafe event = .allocate(capacity: 1)
    unsafe parser.initialize(to: yaml_parser_t())
    unsafe event.initialize(to: yaml_event_t())
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      preconditionFailure("no memory is left for a YAML parser")
    }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    if let base = bytes.baseAddress {
      unsafe yaml_parser_set_input_string(parser, base + start, bytes.count - start)
    } else {
      unsafe yaml_parser_set_input_string(parser, UnsafePointer(bitPattern: 1), 0)
    }
  }

  deinit {
    unsafe yaml_event_delete(event)
    unsafe yaml_parser_delete(parser)
    unsafe event.deallocate()
    unsafe parser.deallocate()
  }

  /// Reads the next event; what the accessors tell is about it.
  mutating func next() throws(Failure) -> EventKind {
    unsafe yaml_event_delete(event)
    guard unsafe yaml_parser_parse(parser, event) == 1 else { throw failure() }
    switch unsafe event.pointee.type {
    case YAML_STREAM_START_EVENT: return .streamStart
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_SCALAR_EVENT: return .scalar
    case YAML_SEQUENCE_START_EVENT: return .listStart
    case YAML_SEQUENCE_END_EVENT: return .listEnd
    case YAML_MAPPING_START_EVENT: return .mapStart
    case YAML_MAPPING_END_EVENT: return .mapEnd
    default: return .streamEnd
    }
  }

  private func failure() -> Failure {
    let isReader = unsafe parser.pointee.error == YAML_READER_ERROR
    if unsafe parser.pointee.error == YAML_MEMORY_ERROR {
      preconditionFailure("no memory is left for parsing YAML")
    }
    return unsafe Failure(
      problem: parser.pointee.problem.map { unsafe String(cString: $0) } ?? "the text is not YAML",
      index: Int(isReader ? parser.pointee.mark.index : parser.pointee.problem_mark.index),
      context: parser.pointee.context.map { unsafe String(cString: $0) } ?? "",
      contextIndex: Int(parser.pointee.context_mark.index))
  }

  /// Where the event begins, in characters from where the parser began.
  var index: Int { unsafe Int(event.pointee.start_mark.index) }

  /// Whether a scalar's text decides what it is: it is plain, or has the tag `!`.
  var isPlain: Bool {
    unsafe event.pointee.type == YAML_SCALAR_EVENT && event.pointee.data.scalar.plain_implicit != 0
  }

  /// Whether a scalar, list or map has a tag.
  var hasTag: Bool { unsafe tagPointer != nil }

  /// The tag of a scalar, list or map.
  var tag: String? { unsafe tagPointer.map { unsafe String(cString: $0) } }

  /// The anchor that a scalar, list or map sets, or that an alias names.
  var anchor: String? {
    unsafe anchorPointer.map { unsafe String(cString: $0) }
  }

  private var anchorPointer: UnsafeMutablePointer<UInt8>? {
    switch unsafe event.pointee.type {
    case YAML_ALIAS_EVENT: unsafe event.pointee.data.alias.anchor
    case YAML_SCALAR_EVENT: unsafe event.pointee.data.scalar.anchor
    case YAML_SEQUENCE_START_EVENT: unsafe event.pointee.data.sequence_start.anchor
    case YAML_MAPPING_START_EVENT: unsafe event.pointee.data.mapping_start.anchor
    default: nil
    }
  }

  private var tagPointer: UnsafeMutablePointer<UInt8>? {
    switch unsafe event.pointee.type {
    case YAML_SCALAR_EVENT: unsafe event.pointee.data.scalar.tag
    case YAML_SEQUENCE_START_EVENT: unsafe event.pointee.data.sequence_start.tag
    case YAML_MAPPING_START_EVENT: unsafe event.pointee.data.mapping_start.tag
    default: nil
    }
  }

  /// Runs `body` with a scalar's text as UTF-8.
  @inline(__always)
  func withText<Result, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> Result
  ) throws(E) -> Result {
    guard unsafe event.pointee.type == YAML_SCALAR_EVENT else {
      preconditionFailure("only a scalar has a text")
    }
    let buffer = unsafe UnsafeBufferPointer(
      start: event.pointee.data.scalar.value, count: event.pointee.data.scalar.length)
    return try body(unsafe buffer.span)
  }

  /// A scalar's text.
  var text: String {
    withText { span in
      unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }
}
