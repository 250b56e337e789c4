import APIMachinery
import APIServer
import APIStore
import CMalloc
import Glibc
public import LocalCluster
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
public import Scalars
import ValueTree

/// Why a port cannot be had.
public struct ListenError: Error, CustomStringConvertible {
  /// The system's number for it.
  public let code: Int32

  /// The system's sentence for it.
  public var description: String { unsafe String(cString: strerror(code)) }
}

/// A server on a port of this machine: one event loop that owns the cluster, and its connections.
///
/// - Flow: make one, `start` it, and `stop` it.
/// - Guarantees: it listens on loopback only; others would come without a password.
public final class APIListener: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let loop: any EventLoop
  private let host: NIOLoopBound<ClusterHost>
  private let channel: any Channel
  /// Those of further ports.
  private let channels = Mutex<[any Channel]>([])

  /// The port.
  public let port: Int

  /// Where clients reach the server.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// Sets the process's heap up for a server; before there are threads.
  public static func prepareHeap() { drydock_prepare_heap() }

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - cluster: What is served; nobody else may use it from now on.
  ///   - port: The port; 0 for one that is free.
  ///   - clock: The time.
  ///   - report: Hears what is worth a line to the person who started the server.
  ///   - failure: Called when the server cannot go on.
  ///   - door: Who decides what becomes of requests; nil where all are carried out.
  /// - Returns: the server, which answers from now on.
  /// - Throws: what the system says, such as that the port is taken.
  public static func start(
    _ cluster: sending ServedCluster, port: Int, clock: @escaping @Sendable () -> Timestamp,
    report: @escaping @Sendable (String) -> Void = { _ in },
    failure: @escaping @Sendable () -> Void = {}, door: (any RequestDoor)? = nil
  ) throws -> APIListener {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    do {
      let cluster = NIOLoopBoundBox.makeBoxSendingValue(cluster, eventLoop: loop)
      return try loop.submit {
        let host = ClusterHost(
          APIFace(cluster: cluster.value), on: loop, clock: clock, report: report)
        host.failure = failure
        host.face.door = door
        return NIOLoopBound(host, eventLoop: loop)
      }.flatMap { host in
        bootstrap(on: loop, host, client: 0).bind(host: "127.0.0.1", port: port).map { channel in
          let listener = APIListener(group, loop, host, channel)
          host.value.face.address = "127.0.0.1:\(listener.port)"
          host.value.scheduleTurn()
          return listener
        }
      }.wait()
    } catch let error as IOError {
      try? group.syncShutdownGracefully()
      throw ListenError(code: error.errnoCode)
    } catch {
      try? group.syncShutdownGracefully()
      throw error
    }
  }

  private init(
    _ group: MultiThreadedEventLoopGroup, _ loop: any EventLoop, _ host: NIOLoopBound<ClusterHost>,
    _ channel: any Channel
  ) {
    self.group = group
    self.loop = loop
    self.host = host
    self.channel = channel
    port = channel.localAddress?.port ?? 0
  }

  private static func bootstrap(
    on loop: any EventLoop, _ host: NIOLoopBound<ClusterHost>, client: Int
  ) -> ServerBootstrap {
    ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
          try pipeline.addHandler(ConnectionHandler(host: host.value, client: client))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.maxMessagesPerRead, value: 4)
  }

  /// Opens a further port, so that the door can tell its clients from others.
  ///
  /// - Parameter client: What the door calls them.
  /// - Returns: the port.
  /// - Throws: what the system says.
  public func open(client: Int) throws -> Int {
    let further = try Self.bootstrap(on: loop, host, client: client)
      .bind(host: "127.0.0.1", port: 0).wait()
    channels.withLock { $0.append(further) }
    return further.localAddress?.port ?? 0
  }

  /// Does something with the cluster, between two requests.
  ///
  /// - Parameter work: Is given the cluster, on its event loop.
  /// - Returns: what the work returns.
  /// - Throws: what the work throws.
  public func withCluster<Result: Sendable>(
    _ work: @escaping @Sendable (ServedCluster) throws -> Result
  ) throws -> Result {
    try loop.submit { [host] in
      defer { host.value.scheduleTurn() }
      return try work(host.value.face.cluster)
    }.wait()
  }

  /// Takes no more connections, ends watches, answers what was asked, and ends.
  public func stop() {
    try? channel.close().wait()
    for channel in channels.withLock({ $0 }) { try? channel.close().wait() }
    _ = try? loop.submit { [host] in host.value.stop() }.wait()
    // Clients that do not read would keep a server for ever.
    for _ in 0..<200 {
      if (try? loop.submit { [host] in host.value.isIdle }.wait()) ?? true { break }
      try? loop.scheduleTask(in: .milliseconds(10)) {}.futureResult.wait()
    }
    try? group.syncShutdownGracefully()
  }
}
