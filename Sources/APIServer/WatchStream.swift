public import APIMachinery
import APIStore
import PersistentCollections
public import Scalars

/// A watch as a value: a place in the log of a kind that is pulled, and that remembers what it still has to tell.
///
/// It holds no buffer of its own. What a watcher has not fetched yet stands in the log, so a copy of a stream goes
/// on by itself, and a watch that nothing happens to costs nothing but its own few words.
///
/// - Guarantees: events come once and in the order of revisions, those of the beginning in key order. A stream that
///   ends can be taken up at the revision of its last event or bookmark.
/// - Caveats: time is handed in; `wakesAt` says when there is something to tell although nothing was written.
public struct WatchStream: Sendable {
  /// What a stream has to tell.
  public enum Step: Sendable, Hashable {
    /// An object has entered the selection, has changed, or has left it.
    case event(WatchEvent)
    /// How far the stream has come.
    case bookmark(WatchBookmark)
    /// An error as the last thing that is told; the stream ends.
    indirect case error(StatusError)
    /// Nothing for now.
    case upToDate
    /// The stream is over; nothing is told of the reason.
    case ended
  }

  private enum Phase: Sendable {
    /// Telling of what is there.
    case initial(InitialObjects)
    /// Telling of what is written.
    case live
    indirect case refused(StatusError)
    case ended
  }

  /// The kind.
  public let type: ResourceType
  /// Everything up to this revision has been told, once the beginning has.
  public internal(set) var revision: UInt64
  /// How often a selector was asked about an object.
  public private(set) var evaluationCount = 0
  let selection: ObjectSelection
  private let allowsBookmarks: Bool
  /// Whether a bookmark has to say where the beginning ends.
  private var marksInitialEnd: Bool
  private var phase: Phase
  private let deadline: Timestamp?
  private var nextBookmark: Timestamp?
  /// How many writes to the kind the store had counted when the stream began.
  private let firstWrite: UInt64
  /// The revision at which the stream began; what is older is caught up with and no backlog.
  private let firstRevision: UInt64
  /// How many writes since the beginning have been passed.
  var passedWrites: UInt64 = 0
  private let backlogMax: UInt64

  private static let bookmarkInterval = GoDuration.minutes(1)
  /// How long before the deadline the last bookmark comes.
  private static let bookmarkLead = GoDuration.seconds(2)

  init(
    _ type: ResourceType, _ options: WatchOptions, from start: Start, in server: APIServer,
    at now: Timestamp
  ) {
    self.type = type
    selection = ObjectSelection(options.list)
    allowsBookmarks = options.allowsBookmarks
    marksInitialEnd = options.allowsBookmarks && options.sendInitialEvents == true
    deadline = options.timeoutSeconds.flatMap { $0 == 0 ? nil : now + .seconds($0) }
    firstWrite = server.store.writeCount(type)
    firstRevision = server.store.revision
    backlogMax = UInt64(max(0, server.settings.watchBacklogMax))
    switch start {
    case .behind(let revision):
      self.revision = revision
      phase = .live
    case .objects:
      revision = server.store.revision
      phase = .initial(InitialObjects(of: server.store.objects(type), type, options.list))
    case .error(let error):
      revision = 0
      phase = .refused(error)
    }
    scheduleBookmark(after: now)
  }

  /// Where a stream begins.
  enum Start {
    case behind(UInt64)
    case objects
    case error(StatusError)
  }

  /// When the stream has something to tell although nothing is written: a bookmark, or its end.
  public var wakesAt: Timestamp? {
    if case .ended = phase { return nil }
    guard let deadline, let nextBookmark else { return deadline ?? nextBookmark }
    return min(deadline, nextBookmark)
  }

  /// Goes on by one step.
  ///
  /// - Complexity: O(log events), and as much for each event passed over that is not selected.
  public mutating func next(in server: APIServer, at now: Timestamp) -> Step {
    if case .refused(let error) = phase {
      phase = .ended
      return .error(error)
    }
    if let deadline, now >= deadline { phase = .ended }
    if case .ended = phase { return .ended }
    if isTooSlow(server.store) {
      phase = .ended
      return .ended
    }
    if case .initial(var objects) = phase {
      // Held in one place only, or every step would duplicate the iterator's path.
      phase = .live
      while let object = objects.next() {
        guard chooses(object) else { continue }
        phase = .initial(objects)
        return .event(WatchEvent(.added, server.presented(object, as: type)))
      }
    }
    if marksInitialEnd {
      marksInitialEnd = false
      scheduleBookmark(after: now)
      return .bookmark(WatchBookmark(type, revision: revision, isInitialEventsEnd: true))
    }
    while let write = server.store.nextEvent(type, after: revision) {
      revision = write.revision
      if revision > firstRevision { passedWrites += 1 }
      if let event = event(for: write) {
        return .event(WatchEvent(event.kind, server.presented(event.object, as: type)))
      }
    }
    guard let time = nextBookmark, now >= time else { return .upToDate }
    // Other kinds' writes count: nothing of this kind lies between.
    revision = max(revision, server.store.revision)
    scheduleBookmark(after: now)
    return .bookmark(WatchBookmark(type, revision: revision))
  }

  /// Whether the watcher has fallen too far behind, or behind what is remembered.
  ///
  /// Kubernetes gives each watcher a buffer and closes the stream when it is full; what was there before the stream
  /// began is not in it.
  func isTooSlow(_ store: APIStore) -> Bool {
    // A store that has gone back has counted less.
    let written = store.writeCount(type)
    if written > firstWrite, written - firstWrite > passedWrites + backlogMax { return true }
    return store.hasForgotten(type, after: revision)
  }

  /// Whether there is nothing about the stream but its kind, its namespace and its place.
  var isCommon: Bool {
    guard case .live = phase else { return false }
    return !marksInitialEnd && !selection.hasConditions && selection.name == nil
      && revision >= firstRevision
  }

  // MARK: Selection

  /// What a write means to this watcher: an object that leaves the selection is deleted for it (semantics 2.6).
  private mutating func event(for write: StoreEvent) -> WatchEvent? {
    guard selection.contains(write.object.key) else { return nil }
    guard selection.hasConditions else { return WatchEvent(write.kind.watchKind, write.object) }
    let isChosen = write.kind != .deleted && chooses(write.object)
    let wasChosen = write.previous.map { chooses($0) } ?? false
    switch (wasChosen, isChosen) {
    case (false, false): return nil
    case (false, true): return WatchEvent(.added, write.object)
    case (true, true): return WatchEvent(.modified, write.object)
    case (true, false):
      // The state that was chosen, with the revision of the write that ended it.
      let last = write.kind == .deleted ? write.object : write.previous
      return last.map { WatchEvent(.deleted, $0.with(resourceVersion: write.revision)) }
    }
  }

  private mutating func chooses(_ object: APIObject) -> Bool {
    guard selection.hasConditions else { return true }
    evaluationCount += 1
    return selection.matches(object)
  }

  // MARK: Time

  /// One bookmark a minute, and one shortly before the end.
  private mutating func scheduleBookmark(after now: Timestamp) {
    guard allowsBookmarks else { return }
    var time = now + Self.bookmarkInterval
    if let deadline { time = min(time, deadline - Self.bookmarkLead) }
    nextBookmark = time > now ? time : nil
  }
}

/// What is there when a watch begins, in key order.
struct InitialObjects: Sendable {
  private enum Source: Sendable {
    case range(ObjectMap.Iterator)
    case found(ArraySlice<APIObject>)
  }

  private var source: Source

  init(of objects: ObjectMap, _ type: ResourceType, _ options: ListOptions) {
    let range = KeyRange(type, options)
    if let name = range.selection.name {
      source = .found(range.named(name, in: objects)[...])
    } else {
      source = .range(range.entries(of: objects).makeIterator())
    }
  }

  mutating func next() -> APIObject? {
    switch source {
    case .found(var objects):
      let object = objects.popFirst()
      source = .found(objects)
      return object
    case .range(var iterator):
      source = .found([])
      let object = iterator.next()?.value
      source = .range(iterator)
      return object
    }
  }
}

extension StoreEvent.Kind {
  fileprivate var watchKind: WatchEvent.Kind {
    switch self {
    case .added: .added
    case .modified: .modified
    case .deleted: .deleted
    }
  }
}
