import CYAML

/// How a scalar is written.
enum ScalarStyle: Sendable {
  case plain, doubleQuoted, literal
}

/// libyaml's emitter, one event at a time.
///
/// All that is unsafe about printing is in this type: it owns the emitter and frees it on every
/// path.
@safe struct EventEmitter: ~Copyable {
  /// Where libyaml's output goes; it keeps a pointer to this object.
  private final class Output {
    var bytes: [UInt8] = []
  }

  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output: Output

  init() {
    output = Output()
    unsafe emitter = .allocate(capacity: 1)
    unsafe emitter.initialize(to: yaml_emitter_t())
    guard unsafe yaml_emitter_initialize(emitter) == 1 else {
      preconditionFailure("no memory is left for a YAML emitter")
    }
    unsafe yaml_emitter_set_output(
      emitter,
      { context, buffer, count in
        guard let context = unsafe context, let buffer = unsafe buffer else { return 0 }
        let output = unsafe Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
        unsafe output.bytes.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
        return 1
      }, Unmanaged.passUnretained(output).toOpaque())
    unsafe yaml_emitter_set_encoding(emitter, YAML_UTF8_ENCODING)
    unsafe yaml_emitter_set_unicode(emitter, 1)
    unsafe yaml_emitter_set_indent(emitter, 2)
    // Long lines stay whole: folding them would make the output depend on where blanks are.
    unsafe yaml_emitter_set_width(emitter, -1)
    var event = unsafe yaml_event_t()
    unsafe yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)
    unsafe emit(&event)
  }

  deinit {
    unsafe yaml_emitter_delete(emitter)
    unsafe emitter.deallocate()
  }

  /// Ends the stream; what was written.
  consuming func finish() -> [UInt8] {
    var event = unsafe yaml_event_t()
    unsafe yaml_stream_end_event_initialize(&event)
    unsafe emit(&event)
    return output.bytes
  }

  /// Begins a document, with `---` unless it is the first.
  mutating func beginDocument(isFirst: Bool) {
    var event = unsafe yaml_event_t()
    unsafe yaml_document_start_event_initialize(&event, nil, nil, nil, isFirst ? 1 : 0)
    unsafe emit(&event)
  }

  mutating func endDocument() {
    var event = unsafe yaml_event_t()
    unsafe yaml_document_end_event_initialize(&event, 1)
    unsafe emit(&event)
  }

  mutating func beginMap(isEmpty: Bool) {
    var event = unsafe yaml_event_t()
    unsafe yaml_mapping_start_event_initialize(
      &event, nil, nil, 1, isEmpty ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE)
    unsafe emit(&event)
  }

  mutating func endMap() {
    var event = unsafe yaml_event_t()
    unsafe yaml_mapping_end_event_initialize(&event)
    unsafe emit(&event)
  }

  mutating func beginList(isEmpty: Bool) {
    var event = unsafe yaml_event_t()
    unsafe yaml_sequence_start_event_initialize(
      &event, nil, nil, 1, isEmpty ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE)
    unsafe emit(&event)
  }

  mutating func endList() {
    var event = unsafe yaml_event_t()
    unsafe yaml_sequence_end_event_initialize(&event)
    unsafe emit(&event)
  }

  mutating func scalar(_ text: String, style: ScalarStyle) {
    let libyamlStyle =
      switch style {
      case .plain: YAML_PLAIN_SCALAR_STYLE
      case .doubleQuoted: YAML_DOUBLE_QUOTED_SCALAR_STYLE
      case .literal: YAML_LITERAL_SCALAR_STYLE
      }
    var copy = text
    var event = unsafe yaml_event_t()
    copy.withUTF8 { utf8 in
      precondition(utf8.count < Int(Int32.max), "libyaml's scalars hold less than two gigabytes")
      // An empty text has no address, which libyaml would take for no scalar.
      var nothing: UInt8 = 0
      let isReady =
        if let base = utf8.baseAddress {
          unsafe yaml_scalar_event_initialize(
            &event, nil, nil, base, Int32(utf8.count), 1, 1, libyamlStyle)
        } else {
          unsafe yaml_scalar_event_initialize(&event, nil, nil, &nothing, 0, 1, 1, libyamlStyle)
        }
      precondition(isReady == 1, "a Swift string is UTF-8")
    }
    unsafe emit(&event)
  }

  /// Hands an event over to libyaml, which frees it.
  private func emit(_ event: UnsafeMutablePointer<yaml_event_t>) {
    guard unsafe yaml_emitter_emit(emitter, event) == 1 else {
      let problem = unsafe emitter.pointee.problem.map { unsafe String(cString: $0) } ?? ""
      preconditionFailure("libyaml cannot write a value: \(problem)")
    }
  }
}
