public import APIMachinery

/// What became of objects between two looks at a cluster.
///
/// The state file keeps no log, so what one command did to an object shows as one change.
public enum ObjectChanges {
  /// The changes, removals first, then writes in the order in which they were made.
  ///
  /// An object that was deleted and made anew is removed and added.
  public static func between(_ old: [APIObject], _ new: [APIObject]) -> [WatchEvent] {
    var before: [ResourceKey: APIObject] = [:]
    for object in old { before[ResourceKey(object)] = object }
    var removed: [ResourceKey: APIObject] = before
    var written: [WatchEvent] = []
    for object in new {
      let key = ResourceKey(object)
      guard let previous = before[key], previous.uid == object.uid else {
        written.append(WatchEvent(.added, object))
        continue
      }
      removed[key] = nil
      if previous.resourceVersion != object.resourceVersion {
        written.append(WatchEvent(.modified, object))
      }
    }
    // In the order of the list: a dictionary has none.
    let gone = old.filter { removed[ResourceKey($0)] != nil }.map { WatchEvent(.deleted, $0) }
    return gone + written.sorted { $0.object.resourceVersion < $1.object.resourceVersion }
  }

  private struct ResourceKey: Hashable {
    let group: String
    let plural: String
    let key: ObjectKey

    init(_ object: APIObject) {
      group = object.type.definition.group
      plural = object.type.definition.plural
      key = object.key
    }
  }
}
