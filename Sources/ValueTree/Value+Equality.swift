extension Value: Hashable {
  /// Whether two values are equal; members of maps have no order, and `1.0` is `1`.
  ///
  /// - Complexity: O(size), a comparison of memory.
  public static func == (left: Value, right: Value) -> Bool {
    guard Header.withoutKey(left.header) == Header.withoutKey(right.header) else { return false }
    let count = Words.contentCount(left.header)
    if count == 0 { return true }
    let leftStart = left.words.contentStart(left.node)
    let rightStart = right.words.contentStart(right.node)
    return unsafe left.words.withUnsafeBufferPointer { a in
      unsafe right.words.withUnsafeBufferPointer { b in
        let x = unsafe a[leftStart..<leftStart + count]
        let y = unsafe b[rightStart..<rightStart + count]
        if unsafe x.base.baseAddress == y.base.baseAddress && leftStart == rightStart {
          return true
        }
        for offset in 0..<count where unsafe x[leftStart + offset] != y[rightStart + offset] {
          return false
        }
        return true
      }
    }
  }

  /// Feeds the content hash.
  public func hash(into hasher: inout Hasher) { hasher.combine(contentHash) }

  /// A hash of the content that is the same in every process, on every machine and in every version.
  ///
  /// - Complexity: O(size).
  public var contentHash: UInt64 { words.contentHash(node) }
}

extension Words {
  /// The hash of the node at `node`, made from text and numbers, never from a key's number in the table.
  func contentHash(_ node: Int) -> UInt64 {
    let header = self[node]
    let tag = Header.tag(header)
    switch tag {
    case Tag.string:
      return mix(hashText(self, contentStart(node), Header.length(header)), tag)
    case Tag.smallInt:
      return mix(
        hashSeed(Int(Tag.int)),
        UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: Header.length(header)))))
    case Tag.int, Tag.double:
      return mix(hashSeed(Int(tag)), self[contentStart(node)])
    case Tag.list, Tag.map:
      var hash = hashSeed(Int(tag))
      var next = contentStart(node)
      let end = next + Header.length(header)
      while next < end {
        if tag == Tag.map {
          let field = Header.key(self[next])
          hash = mix(
            hash,
            field == Header.inlineKey
              ? hashText(self, next + 2, Int(self[next + 1])) : KeyTable.shared.hash(field))
        }
        hash = mix(hash, contentHash(next))
        next = self.end(next)
      }
      return hash
    default:
      return mix(hashSeed(Int(tag)), tag)
    }
  }
}
