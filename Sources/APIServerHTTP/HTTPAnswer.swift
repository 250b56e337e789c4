import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree
import YAMLCoding

/// What a client is answered.
struct HTTPAnswer {
  var status: Int
  var contentType: String
  var body: ByteBuffer
  /// Further headers.
  var headers: [(name: String, value: String)] = []

  init(
    status: Int = 200, contentType: String = HTTPAnswer.json, body: ByteBuffer,
    headers: [(name: String, value: String)] = []
  ) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.headers = headers
  }

  static let json = "application/json"

  /// A value as JSON.
  init(_ value: Value, status: Int = 200, contentType: String = HTTPAnswer.json) {
    self.init(
      status: status, contentType: contentType,
      body: ByteBuffer(bytes: JSONWriter(escapesHTML: true).bytes(value)))
  }

  /// A plain text.
  init(text: String, status: Int = 200) {
    self.init(
      status: status, contentType: "text/plain; charset=utf-8", body: ByteBuffer(string: text))
  }

  /// A refusal, as a `Status`.
  init(_ error: StatusError) {
    self.init(error.value, status: error.code)
    if let seconds = error.retryAfterSeconds {
      headers.append(("Retry-After", String(seconds)))
    }
  }

  /// The same answer in YAML, if it is JSON.
  var asYAML: HTTPAnswer {
    var reader = JSONReader()
    guard contentType == Self.json, let value = try? reader.read(Array(body.readableBytesView))
    else { return self }
    var answer = self
    answer.contentType = "application/yaml"
    answer.body = ByteBuffer(bytes: YAMLEmitter().bytes(value))
    return answer
  }

  /// The reason behind a status code.
  static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 409: "Conflict"
    case 410: "Gone"
    case 413: "Request Entity Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Entity"
    case 429: "Too Many Requests"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    default: "Unknown"
    }
  }

  /// The bytes of the answer's beginning; where there is no length, a stream of chunks follows.
  func head(length: Int?, closes: Bool, allocator: ByteBufferAllocator) -> ByteBuffer {
    var buffer = allocator.buffer(capacity: 192 + (length.map { min($0, 4_096) } ?? 0))
    buffer.writeStaticString("HTTP/1.1 ")
    buffer.writeString(String(status))
    buffer.writeStaticString(" ")
    buffer.writeString(Self.reason(status))
    if !contentType.isEmpty {
      buffer.writeStaticString("\r\nContent-Type: ")
      buffer.writeString(contentType)
    }
    if let length {
      buffer.writeStaticString("\r\nContent-Length: ")
      buffer.writeString(String(length))
    } else {
      buffer.writeStaticString("\r\nTransfer-Encoding: chunked")
    }
    for (name, value) in headers {
      buffer.writeStaticString("\r\n")
      buffer.writeString(name)
      buffer.writeStaticString(": ")
      buffer.writeString(value)
    }
    buffer.writeStaticString("\r\nCache-Control: no-cache, private")
    if closes { buffer.writeStaticString("\r\nConnection: close") }
    buffer.writeStaticString("\r\n\r\n")
    return buffer
  }
}
