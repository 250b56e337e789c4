/// Packs bytes into words.
func pack(_ bytes: some Collection<UInt8>) -> Words {
  var words = Words()
  words.reserveCapacity(packedWords(bytes.count))
  var word: UInt64 = 0
  var shift: UInt64 = 0
  for byte in bytes {
    word |= UInt64(byte) << shift
    shift += 8
    if shift == 64 {
      words.append(word)
      word = 0
      shift = 0
    }
  }
  if shift > 0 { words.append(word) }
  return words
}

/// Orders two packed texts by their bytes: negative, zero or positive.
func compareText(
  _ left: Span<UInt64>, _ leftStart: Int, _ leftCount: Int,
  _ right: Span<UInt64>, _ rightStart: Int, _ rightCount: Int
) -> Int {
  let shared = packedWords(Swift.min(leftCount, rightCount))
  for offset in 0..<shared {
    let a = left[leftStart + offset]
    let b = right[rightStart + offset]
    if a != b { return a.byteSwapped < b.byteSwapped ? -1 : 1 }
  }
  // Zero padding makes a shorter text sort first within the shared words; what is left is a prefix.
  return leftCount - rightCount
}

/// One step of the content hash: a full-width multiplication, folded.
@inline(__always)
func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
  let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
  // The second term keeps a word visible where the first factor happens to be zero.
  return product.high ^ product.low ^ (word &* 0xD6E8_FEB8_6659_FD93)
}

/// Where a hash starts, by the length or the tag of what is hashed.
@inline(__always)
func hashSeed(_ count: Int) -> UInt64 { 0x517C_C1B7_2722_0A95 ^ UInt64(count) }

/// The hash of a packed text; it does not depend on the key table.
@inline(__always)
func hashText(_ words: Span<UInt64>, _ start: Int, _ count: Int) -> UInt64 {
  hashWords(words, start..<start + packedWords(count), from: hashSeed(count))
}

@inline(__always)
func hashWords(_ words: Span<UInt64>, _ range: Range<Int>, from seed: UInt64) -> UInt64 {
  var hash = seed
  var index = range.lowerBound
  while index < range.upperBound {
    hash = mix(hash, words[index])
    index += 1
  }
  return hash
}
