import Foundation
import LocalCluster
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Scalars
import Testing

@testable import APIServerHTTP

@Suite("What is told is kept")
struct CommittedReadTests {
  private let maps = "/api/v1/namespaces/default/configmaps"

  /// A server whose loop runs when the test says so.
  private final class Held {
    let loop = EmbeddedEventLoop()
    let host: ClusterHost
    let folder: URL

    init(isKept: Bool) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let now = Timestamp(seconds: 1_767_225_600)
      let path = isKept ? folder.appending(path: "cluster.db").path : nil
      host = ClusterHost(
        APIFace(cluster: try ServedCluster(path: path, now: now)), on: loop, clock: { now },
        report: { _ in })
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func connect() throws -> EmbeddedChannel {
      let channel = EmbeddedChannel(handler: ConnectionHandler(host: host), loop: loop)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      return channel
    }
  }

  private func ask(
    _ channel: EmbeddedChannel, _ method: HTTPMethod, _ uri: String, _ body: String = ""
  ) throws {
    let head = HTTPRequestHead(version: .http1_1, method: method, uri: uri)
    try channel.writeInbound(HTTPServerRequestPart.head(head))
    try channel.writeInbound(HTTPServerRequestPart.body(ByteBuffer(string: body)))
    try channel.writeInbound(HTTPServerRequestPart.end(nil))
  }

  /// What has been sent since the last time.
  private func sent(_ channel: EmbeddedChannel) throws -> String {
    var text = ""
    while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
    return text
  }

  @Test("Answers, reads, refusals and watches wait until what they tell of is in the file")
  func waiting() throws {
    let server = try Held(isKept: true)
    let watcher = try server.connect()
    try ask(watcher, .GET, "\(maps)?watch=true")
    server.loop.run()
    #expect(try sent(watcher).contains("chunked"))
    let writer = try server.connect()
    let reader = try server.connect()
    let late = try server.connect()
    try ask(writer, .POST, maps, #"{"metadata":{"name":"a"}}"#)
    try ask(reader, .GET, "\(maps)/a")
    try ask(reader, .POST, maps, #"{"metadata":{"name":"a"}}"#)
    try ask(late, .GET, "\(maps)?watch=true")
    #expect(server.host.face.cluster.needsCommit)
    #expect(try sent(writer).isEmpty)
    #expect(try sent(reader).isEmpty)
    #expect(try !sent(late).contains("ADDED"))
    server.loop.run()
    #expect(try sent(writer).hasPrefix("HTTP/1.1 201"))
    let read = try sent(reader)
    #expect(read.hasPrefix("HTTP/1.1 200"))
    #expect(read.contains("HTTP/1.1 409"))
    #expect(try sent(late).contains("ADDED"))
    #expect(!server.host.face.cluster.needsCommit)
  }

  @Test("Without a file nobody waits")
  func memory() throws {
    let server = try Held(isKept: false)
    let writer = try server.connect()
    try ask(writer, .POST, maps, #"{"metadata":{"name":"a"}}"#)
    #expect(try sent(writer).hasPrefix("HTTP/1.1 201"))
  }
}
