/// The field names that are interned, frozen when Drydock is built.
///
/// A number stands for each in a tree's headers. The names are sorted, so numbers order as names do. What
/// is not in the table stays text inside its tree: nothing here ever grows, so no lock is needed and
/// numbers never depend on what was parsed before.
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
  let hashes: ContiguousArray<UInt64>
  /// Open addressing over ids; 0 is empty.
  private let slots: ContiguousArray<UInt16>
  private let mask: Int

  /// Looks at the bytes of the text of `id`.
  func withText<Result>(_ id: UInt64, _ body: (Span<UInt8>) -> Result) -> Result {
    let own = text(id)
    return packed.span.withText(at: own.start, own.count, body)
  }

  /// The number of names; ids run from 1 to this.
  var count: Int { names.count - 1 }

  init(_ list: StaticString) {
    var packed = Words()
    var starts: ContiguousArray<Int32> = [0]
    var lengths: ContiguousArray<Int32> = [0]
    var names: ContiguousArray<String> = [""]
    var hashes: ContiguousArray<UInt64> = [0]
    let bytes = list.withUTF8Buffer { unsafe Array($0) }
    // By bytes: splitting by characters takes longer than a short command may.
    for text in bytes.split(separator: UInt8(ascii: " ")) {
      let start = packed.count
      packed.append(contentsOf: pack(text))
      starts.append(Int32(start))
      lengths.append(Int32(text.count))
      names.append(String(decoding: text, as: UTF8.self))
      hashes.append(hashText(packed.span, start, text.count))
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
  func compare(_ id: UInt64, to words: Span<UInt64>, _ start: Int, _ count: Int) -> Int {
    let own = text(id)
    return compareText(packed.span, own.start, own.count, words, start, count)
  }

  /// The first eight bytes of the text of `id`, as they order.
  func prefix(_ id: UInt64) -> UInt64 { packed[text(id).start].byteSwapped }

  /// Prints the text of `id`.
  @inline(__always)
  func append(_ id: UInt64, to output: inout ByteBuffer) {
    let own = text(id)
    output.append(packed.span, from: own.start, count: own.count)
  }

  /// The id of the text packed from `start`, or 0.
  func id(of text: Span<UInt64>, at start: Int, count: Int) -> UInt64 {
    let packed = packed.span
    let words = packedWords(count)
    var slot = Int(truncatingIfNeeded: hashText(text, start, count)) & mask
    while true {
      let id = Int(slots[slot])
      if id == 0 { return 0 }
      if Int(lengths[id]) == count {
        let own = Int(starts[id])
        var offset = 0
        while offset < words, packed[own + offset] == text[start + offset] { offset += 1 }
        if offset == words { return UInt64(id) }
      }
      slot = (slot + 1) & mask
    }
  }
}
