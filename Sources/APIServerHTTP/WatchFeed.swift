import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// A watch as the bytes that a client is sent, a JSON object a line.
struct WatchFeed {
  private var stream: WatchStream
  private let target: ResourceTarget
  /// The columns of a table are told with the first event.
  private var hasShownColumns = false
  private(set) var isOver = false

  init(stream: WatchStream, target: ResourceTarget) {
    self.stream = stream
    self.target = target
  }

  /// The kind that is watched.
  var type: ResourceType { stream.type }

  /// The media type of the stream.
  var contentType: String { target.forms.contentType }

  /// When there is something to tell although nothing was written.
  var wakesAt: Timestamp? { stream.wakesAt }

  /// Appends what there is to tell, up to a number of bytes or a little more.
  ///
  /// - Returns: how many events that were.
  mutating func write(
    from server: APIServer, _ encoding: inout ObjectEncoding, at now: Timestamp, bytesMax: Int,
    to buffer: inout ByteBuffer
  ) -> Int {
    let start = buffer.readableBytes
    var count = 0
    while !isOver, buffer.readableBytes - start < bytesMax {
      switch stream.next(in: server, at: now) {
      case .event(let event):
        write(event, &encoding, to: &buffer)
      case .bookmark(let bookmark):
        writeLine("BOOKMARK", to: &buffer) { buffer in
          ObjectEncoding.write(shown(bookmark), to: &buffer)
        }
      case .error(let error):
        writeLine("ERROR", to: &buffer) { ObjectEncoding.write(error.value, to: &$0) }
      case .upToDate: return count
      case .ended:
        isOver = true
        return count
      }
      count += 1
    }
    return count
  }

  private func shown(_ bookmark: WatchBookmark) -> Value {
    guard case .metadata = target.forms.form else { return bookmark.value }
    return bookmark.value.setting(Fields.kind, to: "PartialObjectMetadata")
      .setting(Fields.apiVersion, to: "meta.k8s.io/v1")
  }

  private mutating func write(
    _ event: WatchEvent, _ encoding: inout ObjectEncoding, to buffer: inout ByteBuffer
  ) {
    buffer.writeStaticString("{\"type\":\"")
    switch event.kind {
    case .added: buffer.writeStaticString("ADDED")
    case .modified: buffer.writeStaticString("MODIFIED")
    case .deleted: buffer.writeStaticString("DELETED")
    }
    buffer.writeStaticString("\",\"object\":")
    target.forms.write(
      event.object, &encoding, showsColumns: !hasShownColumns, to: &buffer)
    hasShownColumns = true
    buffer.writeStaticString("}\n")
  }

  private func writeLine(
    _ type: StaticString, to buffer: inout ByteBuffer, _ object: (inout ByteBuffer) -> Void
  ) {
    buffer.writeStaticString("{\"type\":\"")
    buffer.writeStaticString(type)
    buffer.writeStaticString("\",\"object\":")
    object(&buffer)
    buffer.writeStaticString("}\n")
  }
}
