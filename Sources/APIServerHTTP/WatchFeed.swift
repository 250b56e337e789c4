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
  /// Until when nothing is told.
  private var heldUntil: Timestamp?
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
  var wakesAt: Timestamp? {
    guard let heldUntil else { return stream.wakesAt }
    return stream.wakesAt.map { min($0, heldUntil) } ?? heldUntil
  }

  /// The next chunk of the stream, as HTTP frames it; nil where there is nothing to tell.
  ///
  /// Watchers that are at one place are sent the same bytes, which are made once.
  mutating func chunk(
    from server: APIServer, _ encoding: inout ObjectEncoding, _ chunks: inout WatchChunks,
    at now: Timestamp, allocator: ByteBufferAllocator, through door: WatchDoor? = nil
  ) -> WatchChunks.Chunk? {
    // What a door lets out is for one watcher.
    let isShared = target.forms.form == .json && door == nil
    let spot = isShared ? stream.spot(in: server, at: now) : nil
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
      from: server, &encoding, at: now, bytesMax: WatchChunks.bytesMax, to: &buffer, through: door)
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
    to buffer: inout ByteBuffer, through door: WatchDoor? = nil
  ) -> Int {
    if let time = heldUntil {
      guard time <= now else { return 0 }
      heldUntil = nil
    }
    let start = buffer.readableBytes
    var count = 0
    hasToldOfItself = false
    while !isOver, buffer.readableBytes - start < bytesMax {
      // What the door does not let out stays in the stream.
      let before = door == nil ? nil : stream
      switch stream.next(in: server, at: now) {
      case .event(let event):
        if let door, let before {
          switch door.verdict(on: event) {
          case .pass: break
          case .hold(let delay):
            stream = before
            heldUntil = now + delay
            return count
          case .cut:
            isOver = true
            return count
          case .expired:
            isOver = true
            writeLine("ERROR", to: &buffer) { buffer in
              ObjectEncoding.write(WatchDoor.expiry.value, to: &buffer)
            }
            return count + 1
          }
        }
        write(event, &encoding, to: &buffer)
        door?.noteTold(event)
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

/// The door of a server, for one watch.
struct WatchDoor {
  let door: any RequestDoor
  let client: Int

  static let expiry = StatusError(
    .expired, "The resourceVersion for the provided watch is too old.")

  func verdict(on event: WatchEvent) -> EventVerdict { door.verdict(on: seen(event)) }

  func noteTold(_ event: WatchEvent) { door.noteTold(seen(event)) }

  private func seen(_ event: WatchEvent) -> DoorEvent {
    let definition = event.object.type.definition
    return DoorEvent(
      client: client, type: "\(event.kind)".uppercased(),
      resource: definition.group.isEmpty
        ? definition.plural : "\(definition.plural).\(definition.group)",
      namespace: event.object.namespace, name: event.object.name,
      revision: event.object.resourceVersion)
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
