import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// Objects as JSON, each state of an object encoded once for everybody who asks for it.
///
/// Kept is what follows the kind: `"metadata":{…},"spec":…}`. Items of lists begin with it, whole objects with kind and
/// `apiVersion` before it, as Kubernetes has them.
struct ObjectEncoding {
  private struct Entry {
    let object: APIObject
    let bytes: [UInt8]
  }

  private var entries: [UInt64: Entry] = [:]
  /// The revisions in the order in which they came; the oldest go first.
  private var order: [UInt64] = []
  private var oldest = 0
  private var byteCount = 0
  private let bytesMax: Int
  /// How often nothing was kept for an object.
  private(set) var misses = 0

  init(bytesMax: Int = 32 << 20) { self.bytesMax = bytesMax }

  /// What follows an object's kind; from memory where this very state was encoded before.
  mutating func tail(of object: APIObject) -> [UInt8] {
    // Another version of an object has the same revision, and is made anew for each who asks.
    if object.type.isView { return Self.encodedTail(of: object) }
    let revision = object.resourceVersion
    if let entry = entries[revision], entry.object === object { return entry.bytes }
    misses += 1
    let bytes = Self.encodedTail(of: object)
    if entries.updateValue(Entry(object: object, bytes: bytes), forKey: revision) == nil {
      order.append(revision)
    }
    byteCount += bytes.count
    while byteCount > bytesMax, oldest < order.count { dropOldest() }
    return bytes
  }

  private mutating func dropOldest() {
    if let entry = entries.removeValue(forKey: order[oldest]) { byteCount -= entry.bytes.count }
    oldest += 1
    if oldest > 4_096, oldest * 2 > order.count {
      order.removeFirst(oldest)
      oldest = 0
    }
  }

  /// Appends a whole object.
  mutating func write(_ object: APIObject, to buffer: inout ByteBuffer) {
    Self.writeKind(object.type.kind, object.type.apiVersion, to: &buffer)
    buffer.writeBytes(tail(of: object))
  }

  /// Appends an object as an item of a list: without its kind where the list says it, as for built-in kinds.
  mutating func writeItem(_ object: APIObject, to buffer: inout ByteBuffer) {
    if object.type.definition.isCustom { return write(object, to: &buffer) }
    buffer.writeInteger(UInt8(ascii: "{"))
    buffer.writeBytes(tail(of: object))
  }

  /// The beginning of an object: `{"kind":"Pod","apiVersion":"v1",`.
  static func writeKind(_ kind: String, _ apiVersion: String, to buffer: inout ByteBuffer) {
    buffer.writeStaticString("{\"kind\":\"")
    buffer.writeString(kind)
    buffer.writeStaticString("\",\"apiVersion\":\"")
    buffer.writeString(apiVersion)
    buffer.writeStaticString("\",")
  }

  private static func encodedTail(of object: APIObject) -> [UInt8] {
    let writer = JSONWriter(escapesHTML: true)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 + object.body.storageBytes)
    bytes += Array("\"metadata\":".utf8)
    writer.write(object.metadataValue, to: &bytes)
    for (key, member) in object.body.members where key != Fields.metadata {
      bytes.append(UInt8(ascii: ","))
      writer.write(Value(key.text), to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      writer.write(member, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    // What is kept should not take more room than it needs.
    return bytes.capacity > bytes.count + bytes.count / 4 ? Array(bytes[...]) : bytes
  }

  /// What one value is as JSON, appended.
  static func write(_ value: Value, to buffer: inout ByteBuffer) {
    buffer.writeBytes(JSONWriter(escapesHTML: true).bytes(value))
  }
}
