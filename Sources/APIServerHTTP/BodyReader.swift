import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree
import YAMLCoding

/// Turns a request's body into a value, whatever form it came in.
enum BodyReader {
  /// The most bytes that a request may have, as in Kubernetes.
  static let bytesMax = 3 * 1_024 * 1_024

  /// The media type without its parameters, in lower case.
  static func mediaType(_ contentType: String) -> String {
    let isPlain = contentType.utf8.allSatisfy {
      $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ")
        && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
    }
    if isPlain { return contentType }
    let type = contentType.prefix { $0 != ";" }
    return String(type.filter { $0 != " " }).lowercased()
  }

  /// The value that the body of a create, an update or a deletion says.
  ///
  /// - Throws: UnsupportedMediaType; BadRequest for what cannot be read.
  static func value(_ question: HTTPQuestion) throws(StatusError) -> Value {
    switch mediaType(question.contentType) {
    // Several clients send JSON and do not say so.
    case "", "application/json", "*/*": return try json(question.body)
    case "application/yaml": return try yaml(question.body)
    case "application/vnd.kubernetes.protobuf":
      return try ProtobufDecoder.object(in: question.body)
    default:
      throw StatusError(
        .unsupportedMediaType,
        "the body of the request was in an unknown format - accepted media types include: "
          + "application/json, application/yaml, application/vnd.kubernetes.protobuf")
    }
  }

  static func json(_ bytes: [UInt8]) throws(StatusError) -> Value {
    var reader = JSONReader()
    do { return try reader.read(bytes) } catch {
      throw StatusError(
        .badRequest,
        "the object provided is unrecognized (must be of type Object): couldn't get version/kind; "
          + "json parse error: \(error)")
    }
  }

  static func yaml(_ bytes: [UInt8]) throws(StatusError) -> Value {
    do {
      let documents = try YAMLParser.documents(in: YAMLSource(name: "body", bytes: bytes))
      if documents.count == 1 { return documents[0].value }
    } catch {
      throw StatusError(.badRequest, "error converting YAML to JSON: \(error)")
    }
    throw StatusError(.badRequest, "the body must hold one YAML document")
  }

  /// The patch that a body says.
  ///
  /// - Throws: UnsupportedMediaType, which names what the kind takes; BadRequest for what cannot be read.
  static func patch(
    _ question: HTTPQuestion, of type: ResourceType
  ) throws(StatusError) -> Patch {
    switch mediaType(question.contentType) {
    case "application/json-patch+json": return .json(try patchValue(question.body))
    case "application/merge-patch+json": return .merge(try patchValue(question.body))
    case "application/strategic-merge-patch+json" where !type.definition.isCustom:
      return .strategic(try patchValue(question.body))
    case "application/apply-patch+yaml":
      throw StatusError(
        .unsupportedMediaType,
        "server-side apply is not served yet: apply on the client's side, without --server-side")
    default:
      throw StatusError(
        .unsupportedMediaType,
        "the body of the request was in an unknown format - accepted media types include: "
          + "application/json-patch+json, application/merge-patch+json"
          + (type.definition.isCustom ? "" : ", application/strategic-merge-patch+json"))
    }
  }

  private static func patchValue(_ bytes: [UInt8]) throws(StatusError) -> Value {
    var reader = JSONReader()
    do { return try reader.read(bytes) } catch {
      throw StatusError(.badRequest, "error decoding patch: \(error)")
    }
  }
}
