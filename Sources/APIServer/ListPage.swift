import APIMachinery
import PersistentCollections

typealias ObjectMap = PersistentMap<ObjectKey, APIObject>

/// The keys that a list or the beginning of a watch looks at.
struct KeyRange: Sendable {
  let selection: ObjectSelection
  /// Whether all keys have an empty namespace.
  let isClusterScoped: Bool
  /// The namespace that the request's path says: continue tokens do not repeat it.
  let pathNamespace: String?
  /// The first key that may be in the range.
  private let first: ObjectKey?
  /// Whether the first key is behind the beginning and not in the range itself.
  private let isBehindFirst: Bool

  init(_ type: ResourceType, _ options: ListOptions, from start: String? = nil) {
    selection = ObjectSelection(options)
    isClusterScoped = !type.definition.isNamespaced
    pathNamespace = options.namespace.flatMap { $0.isEmpty ? nil : $0 }
    guard var start else {
      first = nil
      isBehindFirst = false
      return
    }
    isBehindFirst = start.hasSuffix("\0")
    if isBehindFirst { start.removeLast() }
    if start.hasPrefix("/") { start.removeFirst() }
    if let pathNamespace {
      first = ObjectKey(namespace: pathNamespace, name: start)
    } else if !isClusterScoped, let slash = start.firstIndex(of: "/") {
      first = ObjectKey(
        namespace: String(start[..<slash]), name: String(start[slash...].dropFirst()))
    } else {
      first = ObjectKey(name: start)
    }
  }

  /// Where the page begins whose predecessor ends with this key.
  func start(behind key: ObjectKey) -> String {
    (pathNamespace == nil ? key.path : key.name) + "\0"
  }

  /// Whether the range is all there is.
  var isEverything: Bool { first == nil && selection.namespace == nil && selection.name == nil }

  /// The entries of the range in key order, whatever their names.
  func entries(of objects: ObjectMap) -> ObjectMap.Elements {
    guard let namespace = selection.namespace else {
      guard let first else { return objects.elements(from: ObjectKey(name: "")) }
      return isBehindFirst ? objects.elements(after: first) : objects.elements(from: first)
    }
    return entries(of: objects, in: namespace)
  }

  private func entries(of objects: ObjectMap, in namespace: String) -> ObjectMap.Elements {
    let beginning = ObjectKey(namespace: namespace, name: "")
    if let first, first > beginning {
      return isBehindFirst
        ? objects.elements(after: first) { $0.namespace == namespace }
        : objects.elements(from: first) { $0.namespace == namespace }
    }
    return objects.elements(from: beginning) { $0.namespace == namespace }
  }

  /// The objects of the one name that can be chosen: looked up, in each namespace where there may be one.
  ///
  /// - Complexity: O(log objects) for each namespace.
  func named(_ name: String, in objects: ObjectMap) -> [APIObject] {
    var found: [APIObject] = []
    func lookUp(_ namespace: String) {
      let key = ObjectKey(namespace: namespace, name: name)
      if let first, isBehindFirst ? key <= first : key < first { return }
      if let object = objects[key] { found.append(object) }
    }
    if isClusterScoped {
      lookUp("")
      return found
    }
    if let namespace = selection.namespace {
      lookUp(namespace)
      return found
    }
    var next = objects.first
    while let namespace = next?.key.namespace {
      lookUp(namespace)
      let last = ObjectKey(namespace: namespace, name: "\u{10FFFF}")
      next = objects.elements(after: last).first
    }
    return found
  }
}

/// A part of a list.
struct Page {
  private(set) var objects: [APIObject] = []
  /// Whether there are keys behind it; with selectors, their objects may not be chosen.
  private(set) var hasMore = false
  /// Where the page stopped: behind the first of the keys that are left.
  private var rest: ObjectMap.Iterator?

  /// The first objects of a range that are chosen, or all without a limit.
  init(of map: ObjectMap, in range: KeyRange, limit: Int) {
    if let name = range.selection.name {
      let found = range.named(name, in: map).filter(range.selection.matches)
      hasMore = limit > 0 && found.count > limit
      objects = hasMore ? Array(found.prefix(limit)) : found
      return
    }
    let asks = range.selection.hasConditions
    var iterator = range.entries(of: map).makeIterator()
    while let (_, object) = iterator.next() {
      if limit > 0, objects.count == limit {
        hasMore = true
        rest = iterator
        return
      }
      if !asks || range.selection.matches(object) { objects.append(object) }
    }
  }

  /// How many objects are behind the page, where no selector chooses.
  func remaining(of map: ObjectMap, in range: KeyRange, known: Int?) -> Int? {
    if let known, known >= objects.count { return known - objects.count }
    if range.isEverything { return map.count - objects.count }
    guard var rest else { return nil }
    return 1 + rest.skipRest()
  }
}
