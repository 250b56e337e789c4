import APIMachinery
import Testing

@Suite("The stable hash of a text")
struct StableHashTextTests {
  /// The definition: eight bytes to a little-endian word, the last one filled up with zeros, and the length.
  private func reference(_ text: String, seed: UInt64) -> UInt64 {
    var hash = StableHash(seed: seed)
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 8) {
      var word: UInt64 = 0
      for byte in bytes[start..<min(start + 8, bytes.count)].reversed() {
        word = word << 8 | UInt64(byte)
      }
      hash.combine(word)
    }
    hash.combine(UInt64(bytes.count) ^ 0xE703_7ED1_A0B4_28DB)
    return hash.value
  }

  @Test("is that of its words, at every length and wherever the text is kept")
  func words() {
    let long = String("kübernetes/Ωmega-0123456789-abcdefghijklmnopqrstuvwxyz".prefix(50))
    for count in 0...50 {
      for start in [0, 1, 5] {
        let text = String(long.dropFirst(start).prefix(count))
        var hash = StableHash(seed: 42)
        hash.combine(text)
        #expect(hash.value == reference(text, seed: 42), "\(text)")
      }
    }
  }
}
