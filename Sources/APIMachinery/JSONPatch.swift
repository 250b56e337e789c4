public import ValueTree

/// A JSON patch (RFC 6902): operations that are carried out in order, all or none.
///
/// As in Kubernetes, a `test` for null also holds where a map has no such member. Unlike there, an index is as the
/// RFC wants it: no sign, no leading zero, nothing counted from the end.
public struct JSONPatch: Sendable, Hashable {
  /// One change, or one condition.
  public enum Operation: Sendable, Hashable {
    /// Adds a member, or puts an element before the one at an index or (`-`) behind the last.
    case add(JSONPointer, Value)
    /// Takes out what must be there.
    case remove(JSONPointer)
    /// Puts something in the place of what must be there.
    case replace(JSONPointer, Value)
    /// Takes something out and adds it elsewhere.
    case move(from: JSONPointer, to: JSONPointer)
    /// Adds something elsewhere as well.
    case copy(from: JSONPointer, to: JSONPointer)
    /// Gives up unless the value is there.
    case test(JSONPointer, Value)
  }

  /// The operations, in order.
  public var operations: [Operation]

  /// A patch of these operations.
  public init(_ operations: [Operation]) { self.operations = operations }

  /// The most operations that a server takes.
  public static let operationsMax = 10_000
  /// The most bytes of JSON that the copies of one patch make.
  public static let copiedBytesMax = 3 << 20
  /// How deep a patched document may nest: as deep as one that is read.
  public static let depthMax = 1_000

  /// Why a patch was not carried out.
  public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// It is no patch.
    case malformed(String)
    /// It has more operations than `operationsMax`.
    case tooManyOperations(Int)
    /// An operation, counted from 0, cannot be understood or carried out.
    case inapplicable(operation: Int, String)
    /// A test, counted from 0, does not hold.
    case testFailed(operation: Int, JSONPointer)

    public var description: String {
      switch self {
      case .malformed(let reason): reason
      case .tooManyOperations(let count):
        "The allowed maximum operations in a JSON patch is \(operationsMax), got \(count)"
      case .inapplicable(let operation, let reason): "operation \(operation): \(reason)"
      case .testFailed(let operation, let pointer):
        "operation \(operation): testing value \(pointer) failed"
      }
    }
  }

  // MARK: Reading

  /// Reads a patch.
  public init(reading value: Value) throws(Failure) {
    guard value.isList else {
      throw .malformed(
        "json: cannot unmarshal \(value.goKind) into Go value of type jsonpatch.Patch")
    }
    var count = 0
    for entry in value.elements {
      guard entry.isMap else {
        throw .malformed(
          "json: cannot unmarshal \(entry.goKind) into Go value of type jsonpatch.Operation")
      }
      count += 1
    }
    guard count <= Self.operationsMax else { throw .tooManyOperations(count) }
    operations = []
    operations.reserveCapacity(count)
    for entry in value.elements { operations.append(try Self.operation(entry, operations.count)) }
  }

  private static func operation(_ entry: Value, _ index: Int) throws(Failure) -> Operation {
    func pointer(_ key: Key) throws(Failure) -> JSONPointer {
      guard let text = entry[key]?.string else {
        throw .inapplicable(operation: index, "\(key) must be a string")
      }
      guard let pointer = JSONPointer(parsing: text) else {
        throw .inapplicable(operation: index, "\(key) \"\(text)\" is no JSON pointer")
      }
      return pointer
    }
    func content() throws(Failure) -> Value {
      guard let value = entry["value"] else {
        throw .inapplicable(operation: index, "value is missing")
      }
      return value
    }
    guard let name = entry["op"]?.string else {
      throw .inapplicable(operation: index, "op must be a string")
    }
    switch name {
    case "add": return .add(try pointer("path"), try content())
    case "remove": return .remove(try pointer("path"))
    case "replace": return .replace(try pointer("path"), try content())
    case "move": return .move(from: try pointer("from"), to: try pointer("path"))
    case "copy": return .copy(from: try pointer("from"), to: try pointer("path"))
    case "test": return .test(try pointer("path"), try content())
    default: throw .inapplicable(operation: index, "there is no operation \"\(name)\"")
    }
  }

  /// The patch as JSON.
  public var value: Value {
    Value(
      operations.map { operation -> Value in
        func entry(_ name: String, _ path: JSONPointer, _ more: (Key, Value)?...) -> Value {
          let own: [(Key, Value)] = [("op", Value(name)), ("path", Value(path.description))]
          return Value(members: own + more.compactMap(\.self))
        }
        return switch operation {
        case .add(let path, let value): entry("add", path, ("value", value))
        case .remove(let path): entry("remove", path)
        case .replace(let path, let value): entry("replace", path, ("value", value))
        case .move(let from, let path): entry("move", path, ("from", Value(from.description)))
        case .copy(let from, let path): entry("copy", path, ("from", Value(from.description)))
        case .test(let path, let value): entry("test", path, ("value", value))
        }
      })
  }

  // MARK: Carrying out

  /// The document after all operations.
  ///
  /// - Throws: the first failure; nothing of the patch counts then.
  /// - Complexity: O(size), and for each operation the length of its path and the members that stand beside it.
  public func applied(to document: Value) throws(Failure) -> Value {
    var document = PatchedDocument(document)
    for (index, operation) in operations.enumerated() {
      do { try document.apply(operation) } catch {
        switch error {
        case .testFailed(let pointer): throw .testFailed(operation: index, pointer)
        case .inapplicable(let reason): throw .inapplicable(operation: index, reason)
        }
      }
    }
    guard let value = document.value(depthMax: Self.depthMax) else {
      throw .inapplicable(
        operation: operations.count - 1,
        "lists and maps are nested more than \(Self.depthMax) deep")
    }
    return value
  }
}

extension Value {
  /// What Go's JSON calls this kind of value in its messages.
  package var goKind: String {
    switch kind {
    case .null: "null"
    case .bool: "bool"
    case .int, .double: "number"
    case .string: "string"
    case .list: "array"
    case .map: "object"
    }
  }
}
