import Foundation
import Glibc
import LocalCluster
import Scalars
import Testing

@testable import APIServerHTTP

/// A connection to a server, as bytes.
private final class Wire {
  private let descriptor: Int32

  init(_ port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    var wait = timeval(tv_sec: 10, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      done += count
    }
  }

  /// What has come until a text is in it, or the connection ends.
  func receive(until text: String?) -> String {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      guard count > 0 else { break }
      received += buffer[..<count]
      if let text, String(decoding: received, as: UTF8.self).contains(text) { break }
    }
    return String(decoding: received, as: UTF8.self)
  }
}

extension APIListener {
  /// A server on a free port, at a time that stands still.
  fileprivate static func startForTest() throws -> APIListener {
    try start(
      try ServedCluster(path: nil, now: Timestamp(seconds: 1_767_225_600)), port: 0,
      clock: { Timestamp(seconds: 1_767_225_600) })
  }
}

@Suite("On the wire: HTTP/1.1, answers in order, watches that end as streams")
struct WireTests {
  private func start() throws -> APIListener { try APIListener.startForTest() }

  private func post(_ name: String, _ extra: String = "") -> String {
    let body = #"{"metadata":{"name":"\#(name)"}}"#
    return "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\n\(extra)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test("Two questions at once are answered in their order, on a connection that stays")
  func pipelining() throws {
    let server = try start()
    defer { server.stop() }
    let wire = try Wire(server.port)
    wire.send(post("a") + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let text = wire.receive(until: "\r\n\r\nok")
    #expect(text.hasPrefix("HTTP/1.1 201 Created\r\n"))
    #expect(text.contains("HTTP/1.1 200 OK\r\n"))
    wire.send("HEAD /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    let head = wire.receive(until: nil)
    #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(head.hasSuffix("\r\n\r\n"))
  }

  @Test(
    "What is no question, or comes from a page in a browser, is refused",
    arguments: [
      ("nonsense\r\n\r\n", "HTTP/1.1 400 "),
      (
        "GET /version HTTP/1.1\r\nHost: localhost\r\nOrigin: https://example.com\r\n\r\n",
        "HTTP/1.1 403 "
      ),
      ("GET /version HTTP/1.1\r\nHost: evil.example.com\r\n\r\n", "HTTP/1.1 403 "),
      ("GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n", "HTTP/1.1 404 "),
      ("BREW /version HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "HTTP/1.1 40"),
    ])
  func refusals(_ question: String, _ beginning: String) throws {
    let server = try start()
    defer { server.stop() }
    let wire = try Wire(server.port)
    wire.send(question)
    #expect(wire.receive(until: "\r\n\r\n").hasPrefix(beginning))
  }

  @Test("A body that is too large is refused, and one that waits for leave is let in")
  func bodies() throws {
    let server = try start()
    defer { server.stop() }
    let wire = try Wire(server.port)
    wire.send(post("a", "Expect: 100-continue\r\n"))
    #expect(wire.receive(until: "201 Created").hasPrefix("HTTP/1.1 100 Continue\r\n\r\n"))
    let large = try Wire(server.port)
    let count = 4 << 20
    large.send(
      "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\n"
        + "Content-Length: \(count)\r\n\r\n" + String(repeating: " ", count: count))
    #expect(large.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 413 "))
  }

  @Test("A watch is told at once, and ends with its last chunk when the server stops")
  func watching() throws {
    let server = try start()
    let watch = try Wire(server.port)
    watch.send(
      "GET /api/v1/namespaces/default/configmaps?watch=true&resourceVersion=0 HTTP/1.1\r\n"
        + "Host: localhost\r\n\r\n")
    #expect(watch.receive(until: "\r\n\r\n").contains("Transfer-Encoding: chunked"))
    let other = try Wire(server.port)
    for name in ["a", "b", "c"] { other.send(post(name)) }
    _ = other.receive(until: "\"c\"")
    #expect(
      watch.receive(until: "\"c\"").contains(#"{"type":"ADDED","object":{"kind":"ConfigMap""#))
    server.stop()
    #expect(watch.receive(until: nil).hasSuffix("0\r\n\r\n"))
  }
}

@Suite(
  "Soak: slow readers",
  .enabled(if: ProcessInfo.processInfo.environment["DRYDOCK_SOAK"] == "1"))
struct SoakSlowReaderTests {
  @Test("A watcher that does not read is dropped, and what it has missed is not kept for it")
  func slowReader() throws {
    let server = try APIListener.startForTest()
    defer { server.stop() }
    let slow = try Wire(server.port)
    slow.send(
      "GET /api/v1/namespaces/default/configmaps?watch=true HTTP/1.1\r\nHost: localhost\r\n\r\n")
    _ = slow.receive(until: "\r\n\r\n")
    let writer = try Wire(server.port)
    let text = String(repeating: "x", count: 1_000)
    let body = #"{"metadata":{"name":"a"}}"#
    writer.send(
      "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    _ = writer.receive(until: "\"a\"")
    for round in 0..<30_000 {
      let body = #"{"data":{"x":"\#(text)\#(round)"}}"#
      writer.send(
        "PATCH /api/v1/namespaces/default/configmaps/a HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/merge-patch+json\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
      _ = writer.receive(until: "}}")
    }
    writer.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    let metrics = writer.receive(until: nil)
    #expect(metrics.contains("apiserver_terminated_watchers_total 1"))
    #expect(metrics.contains("apiserver_longrunning_requests 0"))
  }
}
