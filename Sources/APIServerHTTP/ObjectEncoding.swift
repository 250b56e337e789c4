import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// Objects as JSON, each state of an object encoded once for everybody who asks for it.
///
/// Kept is an object as an item of a list, with what stands between it and the one before: `,{"metadata":{…},"spec":…}`.
/// Whole objects have kind and `apiVersion` before the metadata, as in Kubernetes.
struct ObjectEncoding {
  private struct Entry {
    let object: APIObject
    let bytes: [UInt8]

    /// What is held for it, the object with it: it may be of the past, and nobody else's any more.
    var size: Int { bytes.count + object.body.storageBytes }
  }

  private var entries: [UInt64: Entry] = [:]
  /// The revisions in the order in which they came; the oldest go first.
  private var order: [UInt64] = []
  private var oldest = 0
  private var byteCount = 0
  private let bytesMax: Int
  private var text = ObjectText()
  /// How often nothing was kept for an object.
  private(set) var misses = 0

  init(bytesMax: Int = 32 << 20) { self.bytesMax = bytesMax }

  /// An object as an item behind another one; from memory where this very state was encoded before.
  private mutating func item(_ object: APIObject) -> [UInt8] {
    // Another version of an object has the same revision, and is made anew for each who asks.
    if object.type.isView { return encoded(object) }
    let revision = object.resourceVersion
    if let entry = entries[revision], entry.object === object { return entry.bytes }
    misses += 1
    let bytes = encoded(object)
    let entry = Entry(object: object, bytes: bytes)
    if let old = entries.updateValue(entry, forKey: revision) {
      byteCount -= old.size
    } else {
      order.append(revision)
    }
    byteCount += entry.size
    while byteCount > bytesMax, oldest < order.count { dropOldest() }
    return bytes
  }

  /// How many bytes an object takes, about, going by those that are kept.
  var bytesPerObject: Int { entries.isEmpty ? 1_024 : byteCount / entries.count / 2 + 128 }

  private mutating func dropOldest() {
    if let entry = entries.removeValue(forKey: order[oldest]) { byteCount -= entry.size }
    oldest += 1
    if oldest > 4_096, oldest * 2 > order.count {
      order.removeFirst(oldest)
      oldest = 0
    }
  }

  /// Appends a whole object.
  mutating func write(_ object: APIObject, to buffer: inout ByteBuffer) {
    Self.writeKind(object.type.kind, object.type.apiVersion, to: &buffer)
    buffer.writeBytes(item(object)[2...])
  }

  /// Appends an object as an item of a list: without its kind where the list says it, as for built-in kinds.
  mutating func writeItem(_ object: APIObject, isFirst: Bool, to buffer: inout ByteBuffer) {
    if object.type.definition.isCustom {
      if !isFirst { buffer.writeInteger(UInt8(ascii: ",")) }
      return write(object, to: &buffer)
    }
    let item = item(object)
    if isFirst {
      buffer.writeBytes(item[1...])
    } else {
      buffer.writeBytes(item)
    }
  }

  /// Appends an object's metadata alone: `"metadata":{…}`.
  mutating func writeMetadata(of object: APIObject, to buffer: inout ByteBuffer) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    text.appendMetadata(of: object, to: &bytes)
    buffer.writeBytes(bytes)
  }

  /// The beginning of an object: `{"kind":"Pod","apiVersion":"v1",`.
  static func writeKind(_ kind: String, _ apiVersion: String, to buffer: inout ByteBuffer) {
    buffer.writeStaticString("{\"kind\":\"")
    buffer.writeString(kind)
    buffer.writeStaticString("\",\"apiVersion\":\"")
    buffer.writeString(apiVersion)
    buffer.writeStaticString("\",")
  }

  private mutating func encoded(_ object: APIObject) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(384 + object.body.storageBytes)
    bytes.append(UInt8(ascii: ","))
    bytes.append(UInt8(ascii: "{"))
    text.appendMetadata(of: object, to: &bytes)
    text.appendContent(of: object, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
    // What is kept should not take more room than it needs.
    return bytes.capacity > bytes.count + bytes.count / 4 ? Array(bytes[...]) : bytes
  }

  /// What one value is as JSON, appended.
  static func write(_ value: Value, to buffer: inout ByteBuffer) {
    buffer.writeBytes(JSONWriter(escapesHTML: true).bytes(value))
  }
}
