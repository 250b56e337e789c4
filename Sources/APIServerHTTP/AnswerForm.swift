import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// The form in which a client wants objects, chosen from its `Accept`.
enum AnswerForm: Equatable {
  /// Objects as they are.
  case json
  /// Objects as they are, in YAML.
  case yaml
  /// Rows and columns, in a version of `meta.k8s.io`.
  case table(version: String)
  /// Metadata alone.
  case metadata(isList: Bool)
  /// Groups with all their kinds, in a version of `apidiscovery.k8s.io`.
  case groupDiscovery(version: String)

  /// The first form that the server has; JSON where nothing is asked for.
  ///
  /// Protobuf is never chosen: every client that asks for it takes JSON as well.
  ///
  /// - Throws: NotAcceptable where nothing is left.
  init(accepting accept: String) throws(StatusError) {
    if accept.isEmpty {
      self = .json
      return
    }
    for range in accept.split(separator: ",") {
      let parts = range.split(separator: ";").map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      guard let type = parts.first else { continue }
      if type == "application/yaml" {
        self = .yaml
        return
      }
      guard ["application/json", "application/*", "*/*"].contains(type) else { continue }
      if let form = Self.form(parts.dropFirst()) {
        self = form
        return
      }
    }
    throw StatusError(
      .notAcceptable,
      "only the following media types are accepted: application/json, application/yaml, "
        + "application/vnd.kubernetes.protobuf")
  }

  private static func form(_ parameters: ArraySlice<String>) -> AnswerForm? {
    func value(_ name: String) -> String? {
      parameters.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
    guard let kind = value("as") else { return .json }
    switch (kind, value("g"), value("v")) {
    case ("Table", "meta.k8s.io", let version?) where ["v1", "v1beta1"].contains(version):
      return .table(version: version)
    case ("PartialObjectMetadata", "meta.k8s.io", "v1"): return .metadata(isList: false)
    case ("PartialObjectMetadataList", "meta.k8s.io", "v1"): return .metadata(isList: true)
    case ("APIGroupDiscoveryList", "apidiscovery.k8s.io", let version?)
    where ["v2", "v2beta1"].contains(version):
      return .groupDiscovery(version: version)
    default: return nil
    }
  }
}
