extension Value {
  /// This value with `new` at `path`; missing maps on the way are made.
  ///
  /// - Returns: nil when a step leads into something that is neither missing nor of its kind: an index beyond
  ///   the end of a list, a key of a string. An index one past the end appends.
  /// - Complexity: O(size): one copy of the words.
  public func setting(_ path: FieldPath, to new: Value) -> Value? {
    edited(path.steps[...], replacement: new)
  }

  /// This value with `new` under `key`; a value that is no map counts as an empty one.
  public func setting(_ key: Key, to new: Value) -> Value {
    (isMap ? self : .emptyMap).edited([.key(key)], replacement: new) ?? self
  }

  /// This value without what is at `path`; the value itself where there is nothing.
  public func removing(_ path: FieldPath) -> Value {
    guard !path.isRoot, self[path] != nil else { return self }
    return edited(path.steps[...], replacement: nil) ?? self
  }

  /// This value without the member `key`.
  public func removing(_ key: Key) -> Value { removing(FieldPath([.key(key)])) }

  /// This list with one element more; a value that is no list counts as an empty one.
  public func appending(_ element: Value) -> Value {
    let list = isList ? self : .emptyList
    return list.edited([.index(list.count)], replacement: element) ?? self
  }

  /// Sets or, with nil, removes the member `key` of this map.
  public subscript(member key: Key) -> Value? {
    get { self[key] }
    set { self = newValue.map { setting(key, to: $0) } ?? removing(key) }
  }

  private func edited(_ steps: ArraySlice<FieldPath.Step>, replacement: Value?) -> Value? {
    if steps.isEmpty { return replacement?.detached() }
    // The chain of nodes from this one down to the parent of what changes.
    var chain = [node]
    var rest = steps
    while let step = rest.first {
      guard let parent = chain.last else { return nil }
      guard let child = words.child(of: parent, step) else { break }
      rest = rest.dropFirst()
      if rest.isEmpty {
        return spliced(
          chain, old: child..<words.end(child), new: replacement, keyOf: child)
      }
      chain.append(child)
    }
    guard let replacement, let parent = chain.last, let step = rest.first else { return nil }
    // What is missing below the first missing step is made of maps.
    var made = replacement
    for inner in rest.dropFirst().reversed() {
      switch inner {
      case .key(let key): made = Value(members: [(key, made)])
      case .index(0): made = Value([made])
      case .index: return nil
      }
    }
    switch step {
    case .key(let key):
      guard Header.tag(words[parent]) == Tag.map else { return nil }
      var at = words.contentStart(parent)
      let end = at + Header.length(words[parent])
      while at < end, words.compareKey(at: at, to: key) < 0 { at = words.end(at) }
      return spliced(chain, old: at..<at, new: made, newKey: key)
    case .index(let index):
      let list = Value(words: words, node: parent)
      guard list.isList, index == list.count else { return nil }
      let end = words.end(parent)
      return spliced(chain, old: end..<end, new: made)
    }
  }

  /// The words with `old` replaced and the lengths of all nodes in `chain` corrected.
  private func spliced(
    _ chain: [Int], old: Range<Int>, new: Value?, keyOf existing: Int? = nil, newKey: Key? = nil
  ) -> Value {
    let content = new.map { $0.words.contentStart($0.node) } ?? 0
    let contentCount = new.map { Words.contentCount($0.header) } ?? 0
    var keyWords = 0
    if let newKey {
      keyWords = newKey.inlineWords
    } else if let existing {
      keyWords = words.contentStart(existing) - existing - 1
    }
    let size = new == nil ? 0 : 1 + keyWords + contentCount
    let delta = size - old.count
    let rootContent = words.contentStart(node)
    let rootCount = Words.contentCount(header)
    // The root loses its own key: where it had text, everything moves to the front.
    let shift = rootContent - 1
    var result = Words()
    result.reserveCapacity(1 + rootCount + delta)
    result.append(Header.withoutKey(header))
    result.append(contentsOf: words[rootContent..<old.lowerBound])
    if let new {
      if let newKey {
        result.append(Header.settingKey(new.header, newKey.field))
        if newKey.id == 0 {
          result.append(UInt64(newKey.byteCount))
          result.append(contentsOf: newKey.words)
        }
      } else if let existing {
        result.append(Header.settingKey(new.header, Header.key(words[existing])))
        result.append(contentsOf: words[existing + 1..<existing + 1 + keyWords])
      } else {
        result.append(Header.withoutKey(new.header))
      }
      result.append(contentsOf: new.words[content..<content + contentCount])
    }
    result.append(contentsOf: words[old.upperBound..<rootContent + rootCount])
    for (level, link) in chain.enumerated() {
      let place = level == 0 ? 0 : link - shift
      result[place] = Header.settingLength(result[place], Header.length(result[place]) + delta)
    }
    return Value(words: result)
  }
}
