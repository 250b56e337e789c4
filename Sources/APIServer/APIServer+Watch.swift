public import APIMachinery
public import APIStore
public import Scalars

extension APIServer {
  /// Begins to watch the objects of a kind that the options choose (semantics 2.6).
  ///
  /// Without a resource version, or with 0, the stream begins with what is there. A revision behind which events are
  /// forgotten is told as the stream's only event, as Kubernetes does once it has begun to answer. One that is still
  /// to come is waited for, but for a stream that begins with what is there: that one fails.
  ///
  /// - Throws: Invalid for options that contradict each other; BadRequest for what cannot be read.
  public func watch(
    _ type: ResourceType, _ options: WatchOptions = WatchOptions(), at now: Timestamp
  ) throws(StatusError) -> WatchStream {
    try options.check()
    try options.list.fields.check(for: type)
    let wanted = try StatusError.revision(options.list.resourceVersion)
    var options = options
    options.list = stored(options.list, of: type)
    return WatchStream(type, options, from: start(type, options, wanted), in: self, at: now)
  }

  private func start(
    _ type: ResourceType, _ options: WatchOptions, _ wanted: UInt64
  ) -> WatchStream.Start {
    if options.sendInitialEvents == true {
      return wanted > store.revision
        ? .error(.tooLargeResourceVersion(wanted, current: store.revision)) : .objects
    }
    if wanted == 0 {
      return options.sendInitialEvents == nil ? .objects : .behind(store.revision)
    }
    let oldest = store.compactedRevision(type)
    return wanted < oldest ? .error(.watchExpired(wanted, oldest: oldest)) : .behind(wanted)
  }

  /// Forgets the log of writes up to a revision, as etcd's compaction does: who watches from before has to list again.
  public mutating func forgetHistory(through revision: UInt64) {
    store.compact(through: revision)
  }

  /// Forgets the writes of one kind up to a revision.
  public mutating func forgetHistory(of type: ResourceType, through revision: UInt64) {
    store.forgetWrites(of: type, through: revision)
  }

  /// Forgets the writes up to a revision, but for those of kinds that have none there: what a server does as time goes on.
  public mutating func forgetWrites(through revision: UInt64) {
    store.forgetWrites(through: revision)
  }

  /// Goes back to how a store was (semantics 2.1); see `APIStore.restoreSnapshot`.
  ///
  /// Kinds are served as the definitions say that are there afterwards.
  public mutating func restoreSnapshot(_ snapshot: APIStore, bump: Bool) {
    let definitions = registry.types.first(where: \.isDefinition)
    for definition in definitions.map({ store.list($0) }) ?? [] { stopServing(definition) }
    store.restoreSnapshot(snapshot, bump: bump)
    for definition in definitions.map({ store.list($0) }) ?? [] { serve(definition) }
  }
}
