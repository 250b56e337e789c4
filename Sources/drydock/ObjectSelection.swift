import APIMachinery
import LocalCluster
import Printing
import Reporting
import ValueTree
import YAMLCoding

/// The objects that somebody asked for, kind by kind, and what was not found.
struct ObjectSelection {
  /// The kinds in the order in which they were named, each once.
  private(set) var types: [ResourceType] = []
  /// The objects of each kind.
  private(set) var groups: [[APIObject]] = []
  /// Refusals in the server's words.
  private(set) var errors: [String] = []
  /// Whether one single object was asked for, by its name.
  let isOne: Bool

  /// All objects.
  var objects: [APIObject] { groups.flatMap { $0 } }

  var isEmpty: Bool { groups.allSatisfy(\.isEmpty) }

  init(
    _ arguments: ObjectArguments, _ query: ClusterSession.Query, in session: ClusterSession,
    sortedBy: String? = nil, ignoresMissing: Bool = false
  ) throws {
    isOne = arguments.selections.count == 1 && arguments.selections[0].names.count == 1
    for (type, names) in arguments.selections {
      var found: [APIObject] = []
      // What is there is shown although something else is not.
      for name in names.isEmpty ? [nil] : names.map(Optional.some) {
        var query = query
        query.namespace = arguments.namespace ?? query.namespace
        query.names = name.map { [$0] } ?? []
        if name != nil, query.namespace == nil, type.definition.isNamespaced {
          throw SourceDiagnostic(
            "a resource cannot be retrieved by name across all namespaces", at: nil)
        }
        do throws(StatusError) {
          found += try session.objects(of: type, query)
        } catch {
          if !(ignoresMissing && error.isNotFound) { errors.append(refusalText(error)) }
        }
      }
      if let place = types.firstIndex(of: type) {
        groups[place] += found
      } else {
        types.append(type)
        groups.append(found)
      }
    }
    guard let sortedBy else { return }
    let path: JSONPath
    do { path = try JSONPath(sortedBy) } catch { throw SourceDiagnostic("\(error)", at: nil) }
    for place in groups.indices { groups[place] = Self.sorted(groups[place], by: path) }
  }

  /// By what the path finds: numbers by size, texts by their bytes, nothing first.
  private static func sorted(_ objects: [APIObject], by path: JSONPath) -> [APIObject] {
    let keyed = objects.enumerated().map {
      (path.values($0.element.value).first, $0.offset, $0.element)
    }
    return keyed.sorted { left, right in
      guard let a = left.0, let b = right.0 else {
        return (left.0 == nil) == (right.0 == nil) ? left.1 < right.1 : left.0 == nil
      }
      if let x = a.double, let y = b.double, x != y { return x < y }
      let (x, y) = (a.string ?? a.description, b.string ?? b.description)
      return x == y ? left.1 < right.1 : x < y
    }.map(\.2)
  }
}
