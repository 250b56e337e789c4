/// The field names that are interned, frozen when Drydock is built.
///
/// A number stands for each in a tree's headers. The names are sorted, so numbers order as names do. What is not in the table stays text inside its tree: nothing
/// here ever grows, so no lock is needed and numbers never depend on what was parsed before.
struct KeyTable: Sendable {
  static let shared = KeyTable(FieldNames.sorted)

  /// All names, packed, one behind the other.
  private let packed: Words
  /// By id: where a name begins in `packed`.
  private let starts: ContiguousArray<Int32>
  /// By id: the length of a name in bytes.
  private let lengths: ContiguousArray<Int32>
  /// By id: the name.
  private let names: ContiguousArray<String>
  /// By id: the hash of the text, the same as for a key that is not interned.
  private let hashes: ContiguousArray<UInt64>
  /// Open addressing over ids; 0 is empty.
  private let slots: ContiguousArray<UInt16>
  private let mask: Int

  /// The number of names; ids run from 1 to this.
  var count: Int { names.count - 1 }

  init(_ list: StaticString) {
    var packed = Words()
    var starts: ContiguousArray<Int32> = [0]
    var lengths: ContiguousArray<Int32> = [0]
    var names: ContiguousArray<String> = [""]
    var hashes: ContiguousArray<UInt64> = [0]
    for name in list.description.split(separator: " ") {
      let text = Array(name.utf8)
      starts.append(Int32(packed.count))
      lengths.append(Int32(text.count))
      names.append(String(name))
      let start = packed.count
      packed.append(contentsOf: pack(text))
      hashes.append(hashText(packed, start, text.count))
    }
    precondition(names.count < 0xFFFF, "the key table's slots hold sixteen bits")
    var size = 1
    while size < names.count * 4 { size *= 2 }
    var slots = ContiguousArray<UInt16>(repeating: 0, count: size)
    for id in 1..<names.count {
      var slot = Int(truncatingIfNeeded: hashes[id]) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt16(id)
    }
    self.packed = packed
    self.starts = starts
    self.lengths = lengths
    self.names = names
    self.hashes = hashes
    self.slots = slots
    self.mask = size - 1
  }

  func name(_ id: UInt64) -> String { names[Int(id)] }

  func hash(_ id: UInt64) -> UInt64 { hashes[Int(id)] }

  /// The packed text of an id: its first word in `packed`, its length in bytes.
  func text(_ id: UInt64) -> (start: Int, count: Int) {
    (Int(starts[Int(id)]), Int(lengths[Int(id)]))
  }

  /// Orders the text of `id` against a packed text.
  func compare(_ id: UInt64, to words: borrowing Words, _ start: Int, _ count: Int) -> Int {
    let own = text(id)
    return compareText(packed, own.start, own.count, words, start, count)
  }

  /// The id of the text packed in the last words of `buffer` from `start`, or 0.
  func id(of buffer: borrowing WordBuffer, at start: Int, count: Int) -> UInt64 {
    var hash = hashSeed(count)
    let words = packedWords(count)
    for offset in 0..<words { hash = mix(hash, buffer[start + offset]) }
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let id = Int(slots[slot])
      if id == 0 { return 0 }
      if Int(lengths[id]) == count {
        let own = Int(starts[id])
        var same = true
        for offset in 0..<words where packed[own + offset] != buffer[start + offset] {
          same = false
          break
        }
        if same { return UInt64(id) }
      }
      slot = (slot + 1) & mask
    }
  }

  /// The id of a packed text, or 0.
  func id(of text: borrowing Words, count: Int) -> UInt64 {
    var slot = Int(truncatingIfNeeded: hashText(text, 0, count)) & mask
    while true {
      let id = Int(slots[slot])
      if id == 0 { return 0 }
      if Int(lengths[id]) == count,
        compareText(packed, Int(starts[id]), count, text, 0, count) == 0
      {
        return UInt64(id)
      }
      slot = (slot + 1) & mask
    }
  }
}

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

/// One step of the content hash: a full-width multiplication, folded.
@inlinable
func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
  let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
  return product.high ^ product.low ^ (word &* 0xD6E8_FEB8_6659_FD93)
}

@inlinable
func hashSeed(_ count: Int) -> UInt64 { 0x51_7C_C1_B7_27_22_0A_95 ^ UInt64(count) }

/// The hash of a packed text; it does not depend on the key table.
@inlinable
func hashText(_ words: borrowing Words, _ start: Int, _ count: Int) -> UInt64 {
  var hash = hashSeed(count)
  for offset in 0..<packedWords(count) { hash = mix(hash, words[start + offset]) }
  return hash
}
