extension Value {
  /// This value with `new` at `path`; missing maps on the way are made.
  ///
  /// - Returns: nil when a step leads into something that is neither missing nor of its kind: an index beyond
  ///   the end of a list, a key of a string. An index one past the end appends.
  /// - Complexity: O(size): one copy of the words.
  public func setting(_ path: FieldPath, to new: Value) -> Value? {
    edited(path.steps, replacement: new)
  }

  /// This value with `new` under `key`; a value that is no map counts as an empty one.
  public func setting(_ key: Key, to new: Value) -> Value {
    (isMap ? self : .emptyMap).edited([.key(key)], replacement: new) ?? self
  }

  /// This value without what is at `path`; the value itself where there is nothing, and for the root's path.
  public func removing(_ path: FieldPath) -> Value {
    edited(path.steps, replacement: nil) ?? self
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

  private func edited(_ steps: [FieldPath.Step], replacement: Value?) -> Value? {
    if steps.isEmpty { return replacement?.detached() }
    let span = words.span
    var parent = node
    var depth = 0
    while depth < steps.count, let child = span.child(of: parent, steps[depth]) {
      if depth == steps.count - 1 {
        let old = child..<span.end(child)
        // What stands there keeps its key.
        let key = replacement == nil ? child..<child : child + 1..<span.contentStart(child)
        return spliced(
          steps[..<depth], old, replacement, Header.key(span[child]), .words(key))
      }
      parent = child
      depth += 1
    }
    guard let replacement, let made = Value.nested(replacement, under: steps[(depth + 1)...])
    else { return nil }
    switch steps[depth] {
    case .key(let key):
      guard Header.tag(span[parent]) == Tag.map else { return nil }
      var (at, end) = span.children(parent)
      while at < end, span.compareKey(at: at, to: key) < 0 { at = span.end(at) }
      return spliced(steps[..<depth], at..<at, made, key.field, .key(key))
    case .index(let index):
      let list = Value(words: words, node: parent)
      guard list.isList, index == list.count else { return nil }
      let end = span.end(parent)
      return spliced(steps[..<depth], end..<end, made, Header.noKey, .words(end..<end))
    }
  }

  /// What must stand where a path breaks off, so that `value` stands at the end of the rest of it.
  private static func nested(_ value: Value, under steps: ArraySlice<FieldPath.Step>) -> Value? {
    var made = value
    for step in steps.reversed() {
      switch step {
      case .key(let key): made = Value(members: [(key, made)])
      case .index(0): made = Value([made])
      case .index: return nil
      }
    }
    return made
  }

  /// Where the key's text of a spliced member comes from.
  private enum KeyText {
    /// Words of the tree that is edited.
    case words(Range<Int>)
    /// A key that was not there.
    case key(Key)
  }

  /// This value's words with `old` replaced by `new` under a key, and the lengths of all nodes on the way
  /// corrected.
  ///
  /// Everything is written once, into storage of the final size.
  private func spliced(
    _ way: ArraySlice<FieldPath.Step>, _ old: Range<Int>, _ new: Value?, _ field: UInt64,
    _ keyText: KeyText
  ) -> Value {
    let span = words.span
    let content = span.contentStart(node)
    let end = content + Header.contentCount(span[node])
    let newHeader = new?.header ?? 0
    let newContent = Header.contentCount(newHeader)
    let keyWords =
      switch keyText {
      case .words(let range): range.count
      case .key(let key): key.inlineWords
      }
    let inserted = new == nil ? 0 : 1 + keyWords + newContent
    let delta = inserted - old.count
    let words = WordRun.make(count: 1 + end - content + delta) { output in
      let span = self.words.span
      // The root loses its own key: where that had text, everything moves to the front.
      output.append(Header.withoutKey(span[node]))
      output.append(span, content..<old.lowerBound)
      if let new {
        output.append(Header.settingKey(newHeader, field))
        switch keyText {
        case .words(let range): output.append(span, range)
        case .key(let key):
          if key.id == 0 {
            output.append(UInt64(key.byteCount))
            output.append(key.words.span, 0..<key.words.count)
          }
        }
        let start = new.words.contentStart(new.node)
        output.append(new.words.span, start..<start + newContent)
      }
      output.append(span, old.upperBound..<end)
      if delta != 0 {
        var link = node
        output.addToLength(of: 0, delta)
        for step in way {
          guard let child = span.child(of: link, step) else { break }
          link = child
          output.addToLength(of: link - (content - 1), delta)
        }
      }
    }
    return Value(words: words)
  }
}
