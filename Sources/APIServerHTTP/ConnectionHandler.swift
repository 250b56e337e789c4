import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import NIOHTTP1
import Scalars
import ValueTree

/// One connection: reads questions, and writes answers in the order of the questions.
///
/// A watch is an answer that goes on. It is written as fast as the client reads: what it has not read stays in the
/// server's log, not in memory of its own.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  private let host: ClusterHost
  /// Through which of the server's ports it came.
  let client: Int
  private var context: ChannelHandlerContext?
  /// The question that is being read.
  private var reading: (question: HTTPQuestion, keepsAlive: Bool, refusal: StatusError?)?
  private var body = ByteBuffer()
  /// Questions that wait for the answer to the one before.
  private var queue: [(question: HTTPQuestion, keepsAlive: Bool, refusal: StatusError?)] = []
  /// The question that is being answered.
  private var current: (question: HTTPQuestion, keepsAlive: Bool)?
  private var feed: WatchFeed?
  private var timer: Scheduled<Void>?
  private var timerTime = Timestamp(seconds: 0)
  /// How many writes to the watched kind there were when the watcher last got everything.
  private var writesAtWriting: UInt64 = 0
  private var isFinishing = false

  /// How many questions may wait; nobody who is well asks that many at once.
  private static let queueMax = 64

  init(host: ClusterHost, client: Int = 0) {
    self.host = host
    self.client = client
  }

  /// The kind that is watched; nil without a watch.
  var watchedType: ResourceType? { feed?.type }

  // MARK: Reading

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    host.add(self)
    if host.isStopping { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    endFeed()
    queue = []
    self.context = nil
    host.remove(self)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if error is HTTPParserError, current == nil {
      var buffer = HTTPAnswer(text: "400 Bad Request", status: 400)
        .head(length: 15, closes: true, allocator: context.channel.allocator)
      buffer.writeStaticString("400 Bad Request")
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
    context.close(promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(var part):
      guard reading != nil else { return }
      if body.readableBytes + part.readableBytes > BodyReader.bytesMax {
        reading?.refusal = StatusError(
          .requestEntityTooLarge,
          "Request entity too large: limit is \(BodyReader.bytesMax)")
        body.clear()
      } else if reading?.refusal == nil {
        body.writeBuffer(&part)
      }
    case .end:
      guard var done = reading else { return }
      reading = nil
      done.question.body = Array(body.readableBytesView)
      body.clear()
      if body.capacity > 64 << 10 { body = ByteBuffer() }
      queue.append(done)
      if queue.count > Self.queueMax { return context.close(promise: nil) }
      answerNext()
    }
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var question = HTTPQuestion(HTTPQuestion.Method(head.method), head.uri)
    var refusal: StatusError?
    for (name, value) in head.headers {
      switch name.utf8.count {
      case 4 where Self.isSame(name, "host"):
        if !Self.isLocal(value) { refusal = Self.foreign("the host \(value)") }
      case 6 where Self.isSame(name, "accept"):
        question.accept += question.accept.isEmpty ? value : ",\(value)"
      case 6 where Self.isSame(name, "origin"):
        // No client but a browser sends one, and what it says for a page is not what a person asks for.
        refusal = Self.foreign("the origin \(value)")
      case 6 where Self.isSame(name, "expect"):
        var buffer = context.channel.allocator.buffer(capacity: 32)
        buffer.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
      case 12 where Self.isSame(name, "content-type"): question.contentType = value
      case 13 where Self.isSame(name, "if-none-match"): question.knownTag = value
      case 15 where Self.isSame(name, "accept-encoding"):
        question.takesGzip = value.split(separator: ",").contains { $0.contains("gzip") }
      default: break
      }
    }
    reading = (question, head.isKeepAlive, refusal)
  }

  /// Whether a header's name is this one; letters may be of either case.
  private static func isSame(_ name: String, _ lowercased: String) -> Bool {
    var other = lowercased.utf8.makeIterator()
    for byte in name.utf8 {
      guard let expected = other.next(), byte == expected || byte | 0x20 == expected else {
        return false
      }
    }
    return other.next() == nil
  }

  /// Whether a host is this machine, as only those who mean it call it.
  private static func isLocal(_ host: String) -> Bool {
    if host.utf8.starts(with: "127.0.0.1:".utf8) || host == "localhost" { return true }
    let name =
      host.hasPrefix("[")
      ? String(host.prefix { $0 != "]" }.dropFirst()) : String(host.prefix { $0 != ":" })
    return ["127.0.0.1", "localhost", "::1", ""].contains(name) || name.hasSuffix(".localhost")
  }

  private static func foreign(_ what: String) -> StatusError {
    StatusError(.forbidden, "requests through a browser are refused: \(what) is not this server's")
  }

  // MARK: Answering

  private func answerNext() {
    guard current == nil, !queue.isEmpty else { return }
    let next = queue.removeFirst()
    current = (next.question, next.keepsAlive)
    if let refusal = next.refusal {
      send(HTTPAnswer(refusal))
    } else {
      host.take(next.question, from: self)
    }
  }

  /// Writes the answer to the current question.
  func send(_ answer: HTTPAnswer) {
    guard let context, let current else { return }
    var answer = answer
    let isHead = current.question.method == .head
    if current.question.takesGzip, answer.body.readableBytes >= Gzip.bytesMin,
      let compressed = Gzip.compressed(answer.body)
    {
      answer.body = compressed
      answer.headers.append(("Content-Encoding", "gzip"))
    }
    let closes = !current.keepsAlive || isFinishing
    var head = answer.head(
      length: answer.body.readableBytes, closes: closes, allocator: context.channel.allocator)
    if isHead {
      context.write(wrapOutboundOut(head), promise: nil)
    } else if answer.body.readableBytes <= 16 << 10 {
      head.writeImmutableBuffer(answer.body)
      context.write(wrapOutboundOut(head), promise: nil)
    } else {
      context.write(wrapOutboundOut(head), promise: nil)
      context.write(wrapOutboundOut(answer.body), promise: nil)
    }
    context.flush()
    finishCurrent(closes: closes)
  }

  /// Ends the connection without another word.
  func abandon() {
    current = nil
    queue = []
    context?.close(promise: nil)
  }

  private func finishCurrent(closes: Bool) {
    current = nil
    if closes || isFinishing {
      queue = []
      context?.close(promise: nil)
    } else {
      answerNext()
    }
  }

  // MARK: Watching

  /// Begins to write a watch.
  func begin(_ feed: WatchFeed) {
    guard let context else { return }
    self.feed = feed
    host.watch(self, feed.type)
    let head = HTTPAnswer(contentType: feed.contentType, body: ByteBuffer())
      .head(length: nil, closes: false, allocator: context.channel.allocator)
    context.write(wrapOutboundOut(head), promise: nil)
    tell()
    context.flush()
  }

  /// Writes what there is to tell, as much as the client takes now.
  func tell() {
    guard let context, feed != nil, host.mayTell(self) else { return }
    let server = host.face.cluster.server
    let now = host.now
    var hasWritten = false
    while context.channel.isWritable, let type = feed?.type {
      let chunk = feed?.chunk(
        from: server, &host.face.encoding, &host.face.chunks, at: now,
        allocator: context.channel.allocator, through: watchDoor)
      guard let chunk else {
        writesAtWriting = server.store.writeCount(type)
        break
      }
      host.face.metrics.events += chunk.count
      context.write(wrapOutboundOut(chunk.buffer), promise: nil)
      hasWritten = true
    }
    if feed?.isOver == true { return endAnswer() }
    if hasWritten { context.flush() }
    if !context.channel.isWritable { dropIfStuck() } else { scheduleWaking() }
  }

  /// The door, for events on this connection; nil without one.
  private var watchDoor: WatchDoor? {
    host.face.door.map { WatchDoor(door: $0, client: client) }
  }

  /// Closes the connection of a watcher that has not read for as many writes as a server keeps for one, or whose next event
  /// is forgotten.
  private func dropIfStuck() {
    guard let type = feed?.type else { return }
    let server = host.face.cluster.server
    let written = server.store.writeCount(type)
    guard
      written > writesAtWriting + UInt64(server.settings.watchBacklogMax)
        || feed?.hasMissed(server) == true
    else { return }
    host.face.metrics.droppedWatchers += 1
    endFeed()
    context?.close(promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { tell() }
    context.fireChannelWritabilityChanged()
  }

  private func scheduleWaking() {
    guard let wakesAt = feed?.wakesAt else { return }
    // One that comes too early asks again; to set it anew for each event would cost more.
    if timer != nil, timerTime <= wakesAt { return }
    timer?.cancel()
    timerTime = wakesAt
    let wait = TimeAmount.nanoseconds(max(1_000_000, (wakesAt - host.now).nanoseconds))
    timer = host.loop.assumeIsolated().scheduleTask(in: wait) {
      self.timer = nil
      self.tell()
    }
  }

  private func endAnswer() {
    endFeed()
    guard let context, let current else { return }
    var buffer = context.channel.allocator.buffer(capacity: 8)
    buffer.writeStaticString("0\r\n\r\n")
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    finishCurrent(closes: !current.keepsAlive)
  }

  private func endFeed() {
    timer?.cancel()
    timer = nil
    guard let type = feed?.type else { return }
    feed = nil
    host.endWatch(self, type)
  }

  /// Ends what goes on, and closes the connection once what was asked is answered.
  func finish() {
    isFinishing = true
    if feed != nil {
      endAnswer()
    } else if current == nil {
      context?.close(promise: nil)
    }
  }
}
