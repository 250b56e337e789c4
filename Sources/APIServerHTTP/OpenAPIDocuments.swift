import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// `GET /openapi/v3` and what it refers to: what kinds hold and which requests they take, a document for each version
/// of a group.
///
/// Documents are made when they are first asked for, and kept until a definition changes.
struct OpenAPIDocuments {
  private var made: [String: (tag: String, body: ByteBuffer)] = [:]

  mutating func answer(
    _ segments: [String], _ question: HTTPQuestion, _ directory: ResourceDirectory,
    _ server: APIServer, revision: UInt64
  ) throws(StatusError) -> HTTPAnswer {
    let path = segments.joined(separator: "/")
    let tag: String
    var version: ResourceDirectory.Version?
    if segments.isEmpty {
      tag = Self.indexTag(directory, server)
    } else {
      version = directory.versions.first { Self.path(of: $0) == path }
      guard let version else { return APIFace.pageNotFound }
      tag = Self.tag(of: version, server)
    }
    let headers = [
      (name: "Etag", value: "\"\(tag)\""), (name: "Vary", value: "Accept-Encoding, Accept"),
    ]
    if question.knownTag.contains("\"\(tag)\"") {
      return HTTPAnswer(status: 304, contentType: "", body: ByteBuffer(), headers: headers)
    }
    if let known = made[path], known.tag == tag {
      return HTTPAnswer(body: known.body, headers: headers)
    }
    let document: Value =
      version.map { OpenAPIDocument($0, server).value } ?? Self.index(directory, server)
    let body = ByteBuffer(bytes: JSONWriter().bytes(document))
    made[path] = (tag, body)
    return HTTPAnswer(body: body, headers: headers)
  }

  private static func path(of version: ResourceDirectory.Version) -> String {
    version.group.isEmpty ? "api/\(version.version)" : "apis/\(version.name)"
  }

  private static func index(_ directory: ResourceDirectory, _ server: APIServer) -> Value {
    let paths: [(Key, Value)] = directory.versions.map { version in
      let path = path(of: version)
      let url = "/openapi/v3/\(path)?hash=\(tag(of: version, server))"
      return (Key(path), ["serverRelativeURL": Value(url)])
    }
    return ["paths": Value(members: paths)]
  }

  // MARK: Tags

  private static func indexTag(_ directory: ResourceDirectory, _ server: APIServer) -> String {
    var hash = StableHash()
    for version in directory.versions { hash.combine(tag(of: version, server)) }
    return text(hash)
  }

  /// Changes with whatever the document says: the kinds, and the definitions behind them.
  ///
  /// Clients keep documents by address and tag, for servers that come and go.
  private static func tag(of version: ResourceDirectory.Version, _ server: APIServer) -> String {
    var hash = StableHash(seed: 1)
    hash.combine(version.name)
    for type in version.types {
      hash.combine(type.plural)
      guard let definition = OpenAPIDocument.definition(of: type, server) else { continue }
      hash.combine(definition.uid.high)
      hash.combine(definition.uid.low)
      hash.combine(definition.resourceVersion)
    }
    return text(hash)
  }

  private static func text(_ hash: StableHash) -> String {
    let digits = String(hash.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
