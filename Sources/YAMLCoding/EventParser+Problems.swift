extension EventParser.Failure {
  /// What libyaml found in a text that it reads from `start` on, in words that say what was
  /// expected.
  func problem(in text: SourceText, from start: Int) -> TextProblem {
    // A line that should have been a key is found wanting only further down.
    let isKey = problem == "could not find expected ':'" && !context.isEmpty
    let offset = text.offset(after: isKey ? contextIndex : index, from: start)
    var result = TextProblem(.syntax, problem, offset: offset)
    if !context.isEmpty, !isKey, contextIndex < index {
      result.origin = text.offset(after: contextIndex, from: start)
    }
    let byte = offset < text.clean.count ? text.clean[offset] : 0
    explain(&result, byte: byte)
    if byte == 0x09, result.kind == .syntax, text.isIndentation(offset) {
      result.kind = .tab
      result.message = "a tab stands where lines are indented"
      result.expected = "spaces"
    }
    let atEnd = text.clean[offset...].allSatisfy { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
    if atEnd, result.kind == .syntax {
      result.kind = .truncated
      result.message = "the text ends too early: \(result.message)"
    }
    return result
  }

  private func explain(_ result: inout TextProblem, byte: UInt8) {
    func say(_ message: String, expected: String?) {
      result.message = message
      result.expected = expected
    }
    switch problem {
    case "found character that cannot start any token":
      let shown = byte > 0x20 && byte < 0x7F ? "\"\(UnicodeScalar(byte))\"" : "this character"
      say("a value cannot begin with \(shown)", expected: "quotes around it")
    case "mapping values are not allowed in this context":
      say(
        "\": \" has no place here",
        expected: "quotes around a text that holds \": \", or a key on a line of its own")
    case "block sequence entries are not allowed in this context":
      say("\"- \" has no place here", expected: "the list on the lines below its key")
    case "mapping keys are not allowed in this context":
      say("\"? \" has no place here", expected: "a value")
    case "did not find expected key":
      say(
        "this belongs to no map or list",
        expected: "a key that is indented like the others of its map")
    case "did not find expected '-' indicator":
      say(
        "this belongs to no list element", expected: "\"- \" indented like the others of its list")
    case "could not find expected ':'":
      say("this line is no value and no key", expected: "\": \" after a key")
    case "did not find expected ',' or '}'":
      say("the map in braces goes on in no way", expected: "\",\" or \"}\"")
    case "did not find expected ',' or ']'":
      say("the list in brackets goes on in no way", expected: "\",\" or \"]\"")
    case "did not find expected node content":
      say("there is no value here", expected: "a value")
    case "did not find expected <document start>":
      say("the document has ended before this", expected: "\"---\" before another document")
    case "found unexpected end of stream", "found unexpected document indicator":
      result.kind = .truncated
      say("the text in quotes is not closed", expected: "the closing quote")
    case "found unknown escape character":
      say("this escape is unknown", expected: "one of \\n \\t \\\" \\\\ \\xXX \\uXXXX")
    case "found invalid Unicode character escape code":
      say("this escape stands for no character", expected: "a Unicode scalar, surrogates joined")
    case "did not find expected hexdecimal number":
      say("an escape ends too early", expected: "a hexadecimal digit")
    case "found undefined tag handle":
      result.kind = .unknownTag
      say("this tag's handle is not defined", expected: "a %TAG line before the document")
    case let text where text.contains("tab character"):
      result.kind = .tab
      say("a tab stands where lines are indented", expected: "spaces")
    default:
      result.message = context.isEmpty ? problem : "\(problem) \(context)"
    }
  }
}

extension SourceText {
  /// Whether only blanks stand between the beginning of the line and `offset`.
  func isIndentation(_ offset: Int) -> Bool {
    clean[lineStart(offset)..<offset].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x2D }
  }
}
