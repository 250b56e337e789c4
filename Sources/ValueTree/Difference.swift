/// One place where two values differ.
public struct Difference: Sendable, Hashable {
  /// Where.
  public let path: FieldPath
  /// What stood there; nil where there was nothing.
  public let old: Value?
  /// What stands there now; nil where there is nothing any more.
  public let new: Value?
}

extension Value {
  /// Where `other` differs from this value, in path order, as deep as the two can be told apart.
  ///
  /// Lists are compared by index.
  public func differences(to other: Value) -> [Difference] {
    var result: [Difference] = []
    collect(&result, other, at: .root)
    return result
  }

  private func collect(_ result: inout [Difference], _ other: Value, at path: FieldPath) {
    if self == other { return }
    if isMap && other.isMap {
      var left = members.makeIterator()
      var right = other.members.makeIterator()
      var a = left.next()
      var b = right.next()
      while a != nil || b != nil {
        if let x = a, let y = b, x.key == y.key {
          x.value.collect(&result, y.value, at: path.appending(x.key))
          a = left.next()
          b = right.next()
        } else if let x = a, b.map({ x.key < $0.key }) ?? true {
          result.append(
            Difference(path: path.appending(x.key), old: x.value, new: nil))
          a = left.next()
        } else if let y = b {
          result.append(
            Difference(path: path.appending(y.key), old: nil, new: y.value))
          b = right.next()
        }
      }
    } else if isList && other.isList {
      var left = elements.makeIterator()
      var right = other.elements.makeIterator()
      var index = 0
      while true {
        let a = left.next()
        let b = right.next()
        if a == nil && b == nil { break }
        if let a, let b {
          a.collect(&result, b, at: path.appending(index))
        } else {
          result.append(Difference(path: path.appending(index), old: a, new: b))
        }
        index += 1
      }
    } else {
      result.append(Difference(path: path, old: self, new: other))
    }
  }
}
