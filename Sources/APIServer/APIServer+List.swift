public import APIMachinery
import APIStore
import PersistentCollections

extension APIServer {
  /// Reads an object, not older than a resource version where one is given (semantics 2.5).
  ///
  /// - Throws: NotFound; Timeout for a revision that is still to come; BadRequest for what is none.
  public func get(
    _ type: ResourceType, _ key: ObjectKey, resourceVersion: String = ""
  ) throws(StatusError) -> APIObject {
    if !resourceVersion.isEmpty { try checkReached(StatusError.revision(resourceVersion)) }
    return presented(try stored(type, key), as: type)
  }

  /// Reads the objects of a kind that the options choose, in key order (semantics 2.5).
  ///
  /// - Throws: Invalid for options that contradict each other; BadRequest for what cannot be read; Timeout for a
  ///   revision that is still to come; Expired for one that is forgotten.
  /// - Complexity: O(log objects + objects looked at): those of one page and one namespace. The first page of one
  ///   namespace counts what is behind it.
  public func list(_ type: ResourceType, _ options: ListOptions = ListOptions()) throws(StatusError)
    -> ObjectList
  {
    if options.isPlain {
      let all = store.list(type, namespace: options.namespace)
      return ObjectList(presented(all, as: type), revision: store.revision)
    }
    try options.check()
    try options.fields.check(for: type)
    let options = stored(options, of: type)
    let point = try readPoint(of: options)
    guard let objects = store.objects(type, at: point.revision) else {
      if point.revision > store.revision {
        throw .tooLargeResourceVersion(point.revision, current: store.revision)
      }
      guard let token = point.token else { throw .listExpired }
      throw .continueExpired(token: ContinueToken(revision: -1, start: token.start).text)
    }
    let range = KeyRange(type, options, from: point.token?.start)
    let page = Page(of: objects, in: range, limit: point.limit)
    var list = ObjectList(presented(page.objects, as: type), revision: point.revision)
    guard page.hasMore, let last = page.objects.last else { return list }
    if !options.hasSelector {
      list.remainingItemCount = page.remaining(
        of: objects, in: range, known: point.token?.remainingItemCount)
    }
    list.continueToken =
      ContinueToken(
        revision: Int64(clamping: point.revision), start: range.start(behind: last.key),
        remainingItemCount: list.remainingItemCount
      ).text
    return list
  }

  /// Where a list reads, and how much.
  private struct ReadPoint {
    var revision: UInt64
    var limit: Int
    var token: ContinueToken?
  }

  private func readPoint(of options: ListOptions) throws(StatusError) -> ReadPoint {
    let limit = max(0, options.limit)
    if !options.continueToken.isEmpty {
      let token = try ContinueToken(reading: options.continueToken)
      guard options.resourceVersion.isEmpty || options.resourceVersion == "0" else {
        throw StatusError(
          .badRequest, "specifying resource version is not allowed when using continue")
      }
      let revision = token.revision > 0 ? UInt64(token.revision) : store.revision
      return ReadPoint(revision: revision, limit: limit, token: token)
    }
    let present = ReadPoint(revision: store.revision, limit: limit)
    if options.resourceVersion.isEmpty { return present }
    let wanted = try StatusError.revision(options.resourceVersion)
    // Whoever takes any state gets all of it: Kubernetes answers from its cache, which knows no pages then.
    if wanted == 0 { return ReadPoint(revision: store.revision, limit: 0) }
    try checkReached(wanted)
    switch options.resourceVersionMatch {
    case ListOptions.Match.exact: return ReadPoint(revision: wanted, limit: limit)
    // The meaning that a limit has without a match is older than matches are.
    case "" where limit > 0: return ReadPoint(revision: wanted, limit: limit)
    default: return present
    }
  }

  /// Refuses a read of what is still to come; Kubernetes waits three seconds for it first.
  func checkReached(_ revision: UInt64) throws(StatusError) {
    guard revision <= store.revision else {
      throw .tooLargeResourceVersion(revision, current: store.revision)
    }
  }
}

extension ListOptions {
  /// Whether nothing is asked for but all objects, or all of a namespace.
  fileprivate var isPlain: Bool {
    limit <= 0 && !hasSelector && continueToken.isEmpty && resourceVersion.isEmpty
      && resourceVersionMatch.isEmpty
  }
}
