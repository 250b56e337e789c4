import Testing
import ValueTree

/// Seeded random texts: whatever comes, the reader answers, and what it accepts survives printing.
@Suite struct FuzzTests {
  @Test(arguments: UInt64(0)..<400)
  func printingAndParsingChangeNothing(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let model = Model.random(&random, depth: 6)
    let value = json(model.text(&random))
    #expect(Model(value) == model, "seed \(seed)")
    #expect(json(value.description) == value, "seed \(seed)")
    for writer in [JSONWriter(indent: 2), JSONWriter(escapesHTML: true)] {
      #expect(json(writer.string(value)) == value, "seed \(seed)")
      #expect(Array(writer.string(value).utf8) == writer.bytes(value), "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<16)
  func mutatedTextsAreReadOrRefused(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var reader = JSONReader(limits: JSONLimits(depth: 50))
    var accepted = 0
    for round in 0..<400 {
      var bytes = Array(Model.random(&random).text(&random).utf8)
      for _ in 0...random.below(4) { mutate(&bytes, &random) }
      do {
        let value = try reader.read(bytes)
        accepted += 1
        #expect(json(value.description) == value, "seed \(seed), round \(round)")
      } catch {
        #expect(error.offset >= 0 && error.offset <= bytes.count, "seed \(seed), round \(round)")
        let before = bytes[..<error.offset]
        #expect(error.line == 1 + before.count { $0 == 0x0A })
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        #expect(error.column == error.offset - start + 1)
      }
    }
    #expect(
      accepted > 20 && accepted < 380, "seed \(seed): a fuzzer that finds one answer only is idle")
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    let place = random.below(bytes.count + 1)
    switch random.below(6) {
    case 0: bytes = Array(bytes[..<place])
    case 1: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
    case 2: bytes.insert(contentsOf: random.pick(FuzzTests.pieces).utf8, at: place)
    case 3 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 4 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
    default: if place < bytes.count { bytes.remove(at: place) }
    }
  }

  private static let pieces = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "0", "-", ".", "e", "E+",
    "1e999",
    "true", "nul", "\"a\":1,", "\u{0}", "é", "[[[[[[[[", "\u{FEFF}", " ", "\n",
    "9999999999999999999",
  ]
}
