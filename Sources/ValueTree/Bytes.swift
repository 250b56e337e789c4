extension RawSpan {
  /// The byte at `offset`, which is checked.
  @inline(__always)
  func byte(_ offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes from `offset` on, which is checked; the first is the lowest.
  @inline(__always)
  func word(_ offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The text in `range`, or nil where it is not UTF-8.
  func text(_ range: Range<Int>) -> String? {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
    // SAFETY: the range lies within the span by the line above.
    return unsafe withUnsafeBytes { raw in
      unsafe String(validating: raw[range], as: UTF8.self)
    }
  }

  func contains(_ byte: UInt8, in range: Range<Int>) -> Bool {
    range.contains { self.byte($0) == byte }
  }

  /// The length of the UTF-8 sequence of two to four bytes at `offset`, or 0 where there is none.
  ///
  /// By table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above U+10FFFF.
  func utf8Length(_ offset: Int) -> Int {
    let first = byte(offset)
    func continues(_ index: Int, from low: UInt8 = 0x80, to high: UInt8 = 0xBF) -> Bool {
      guard offset + index < byteCount else { return false }
      let byte = byte(offset + index)
      return byte >= low && byte <= high
    }
    switch first {
    case 0xC2...0xDF: return continues(1) ? 2 : 0
    case 0xE0: return continues(1, from: 0xA0) && continues(2) ? 3 : 0
    case 0xED: return continues(1, to: 0x9F) && continues(2) ? 3 : 0
    case 0xE1...0xEF: return continues(1) && continues(2) ? 3 : 0
    case 0xF0: return continues(1, from: 0x90) && continues(2) && continues(3) ? 4 : 0
    case 0xF1...0xF3: return continues(1) && continues(2) && continues(3) ? 4 : 0
    case 0xF4: return continues(1, to: 0x8F) && continues(2) && continues(3) ? 4 : 0
    default: return 0
    }
  }
}

func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

func hex(_ byte: UInt8) -> String {
  let text = String(byte, radix: 16)
  return text.count == 1 ? "0" + text : text
}

/// Eight times the byte `byte`.
@inline(__always)
private func eightTimes(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

/// The high bit of each byte of `word` that is `byte`; beyond the lowest one, of others as well.
@inline(__always)
private func matches(_ word: UInt64, _ byte: UInt8) -> UInt64 {
  let difference = word ^ eightTimes(byte)
  return (difference &- eightTimes(1)) & ~difference
}

/// The high bit of each byte of `word` that a JSON string cannot hold as it is.
///
/// That is a quote, a backslash or a control character; with `html` also `<`, `>`, `&` and what may begin a
/// line separator. Beyond the lowest byte found, others may be marked as well.
@inline(__always)
func specialBytes(_ word: UInt64, html: Bool = false) -> UInt64 {
  var hits = matches(word, UInt8(ascii: "\"")) | matches(word, UInt8(ascii: "\\"))
  hits |= (word &- eightTimes(0x20)) & ~word
  if html {
    hits |= matches(word, UInt8(ascii: "<")) | matches(word, UInt8(ascii: ">"))
    hits |= matches(word, UInt8(ascii: "&")) | matches(word, 0xE2)
  }
  return hits & eightTimes(0x80)
}
