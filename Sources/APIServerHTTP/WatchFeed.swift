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
  /// Whether what was written last has a bookmark among it.
  private var hasToldOfItself = false

  init(stream: WatchStream, target: ResourceTarget) {
    self.stream = stream
    self.target = target
  }

  /// The kind that is watched.
  var type: ResourceType { stream.type }

  /// The media type of the stream.
  var contentType: String { target.forms.contentType }

  /// Whether the server has forgotten what would have been told next.
  func hasMissed(_ server: APIServer) -> Bool {
    server.store.hasForgotten(type, after: stream.revision)
  }

  /// When there is something to tell although nothing was written.
  var wakesAt: Timestamp? { stream.wakesAt }

  /// The next chunk of the stream, as HTTP frames it; nil where there is nothing to tell.
  ///
  /// Watchers that are at one place are sent the same bytes, which are made once.
  mutating func chunk(
    from server: APIServer, _ encoding: inout ObjectEncoding, _ chunks: inout WatchChunks,
    at now: Timestamp, allocator: ByteBufferAllocator
  ) -> WatchChunks.Chunk? {
    let spot = target.forms.form == .json ? stream.spot(in: server, at: now) : nil
    if let spot, let known = chunks[spot] {
      stream.pass(known.stretch)
      return known
    }
    let before = stream
    // Room for the length, which is known behind the events.
    var buffer = allocator.buffer(capacity: 2_048)
    buffer.writeStaticString("00000000\r\n")
    let start = buffer.readableBytes
    let count = write(
      from: server, &encoding, at: now, bytesMax: WatchChunks.bytesMax, to: &buffer)
    guard count > 0 else { return nil }
    let digits = String(buffer.readableBytes - start, radix: 16)
    buffer.setString(digits, at: buffer.readerIndex + 8 - digits.utf8.count)
    buffer.writeStaticString("\r\n")
    let chunk = WatchChunks.Chunk(
      buffer: buffer, count: count, stretch: stream.stretch(since: before))
    if let spot, !isOver, !hasToldOfItself { chunks[spot] = chunk }
    return chunk
  }

  /// Appends what there is to tell, up to a number of bytes or a little more.
  ///
  /// - Returns: how many events that were.
  mutating func write(
    from server: APIServer, _ encoding: inout ObjectEncoding, at now: Timestamp, bytesMax: Int,
    to buffer: inout ByteBuffer
  ) -> Int {
    let start = buffer.readableBytes
    var count = 0
    hasToldOfItself = false
    while !isOver, buffer.readableBytes - start < bytesMax {
      switch stream.next(in: server, at: now) {
      case .event(let event):
        write(event, &encoding, to: &buffer)
      case .bookmark(let bookmark):
        hasToldOfItself = true
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

/// The chunks that were sent lately, by the place behind which they lie.
struct WatchChunks {
  /// A chunk as it is sent.
  struct Chunk {
    let buffer: ByteBuffer
    /// How many events are in it.
    let count: Int
    let stretch: WatchStream.Stretch
  }

  /// The most bytes of events in one chunk.
  static let bytesMax = 64 << 10
  /// Watchers that are behind are many places, and few of them share one.
  private static let countMax = 64
  private var known: [WatchStream.Spot: Chunk] = [:]

  subscript(spot: WatchStream.Spot) -> Chunk? {
    get { known[spot] }
    set {
      if known.count >= Self.countMax { known = [:] }
      known[spot] = newValue
    }
  }

  /// Forgets all of them.
  mutating func clear() { if !known.isEmpty { known = [:] } }
}
