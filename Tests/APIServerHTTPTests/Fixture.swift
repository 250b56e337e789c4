import APIMachinery
import LocalCluster
import NIOCore
import Scalars
import Scenarios
import ValueTree

@testable import APIServerHTTP

/// A server without sockets, at a time that stands still.
struct Fixture {
  let face: APIFace
  var now = Timestamp(seconds: 1_767_225_600)

  init(controllers: ControllerRegistry = .local) throws {
    face = APIFace(cluster: try ServedCluster(path: nil, controllers: controllers, now: now))
  }

  /// What a question is answered.
  func ask(
    _ method: HTTPQuestion.Method, _ uri: String, _ body: String = "", type: String = "",
    accept: String = ""
  ) -> HTTPAnswer {
    var question = HTTPQuestion(method, uri)
    question.body = Array(body.utf8)
    question.contentType = type
    question.accept = accept
    guard case .answer(let answer) = face.outcome(of: question, at: now) else {
      return HTTPAnswer(text: "a watch", status: 0)
    }
    while face.cluster.run(turnsMax: 1_000) {}
    return answer
  }

  /// The lines that a watch begins with.
  func watch(_ uri: String, accept: String = "") throws -> [Value] {
    var question = HTTPQuestion(.get, uri)
    question.accept = accept
    guard case .watch(var feed) = face.outcome(of: question, at: now) else { return [] }
    var buffer = ByteBuffer()
    _ = feed.write(
      from: face.cluster.server, &face.encoding, at: now, bytesMax: 1 << 20, to: &buffer)
    return try String(buffer: buffer).split(separator: "\n").map { line in
      var reader = JSONReader()
      return try reader.read(String(line))
    }
  }
}

extension HTTPAnswer {
  /// The body as a value.
  var value: Value {
    get throws {
      var reader = JSONReader()
      return try reader.read(String(buffer: body))
    }
  }
}
