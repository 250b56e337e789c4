extension Ledger {
  /// The ledger that these entries make, noted once more one by one.
  ///
  /// Entries do not tell which of its owner's requests a grant was for: `requestKey` does, by pool, item and
  /// generation.
  ///
  /// Nil when the entries contradict each other, such as the end of a grant that was never opened.
  ///
  /// - Complexity: O(entries · log entries).
  public init?(
    restoring entries: [Entry],
    requestKey: (_ pool: String, _ item: String, _ generation: UInt32) -> String
  ) {
    self.init()
    for entry in entries {
      switch entry.event {
      case .opened:
        let key = requestKey(entry.pool, entry.item, entry.generation)
        _ = noteOpened(
          entry.grant(requestKey: key, state: .open), holder: entry.holder, by: entry.actor,
          at: entry.time)
      case .closing:
        noteClosing(
          entry.grant(requestKey: "", state: .closing), by: entry.actor, at: entry.time)
      case .closed, .freedBlindly, .forgotten:
        noteClosed(
          entry.grant(requestKey: "", state: .closed), entry.event, by: entry.actor,
          at: entry.time)
      case .recorded, .unrecorded:
        let record = AllocationRecord(
          pool: entry.pool, item: entry.item,
          generation: entry.generation == 0 ? nil : entry.generation, owner: entry.owner,
          holder: entry.holder)
        noteRecord(
          record, isGone: entry.event == .unrecorded, by: entry.actor, at: entry.time)
      }
    }
    // Each entry notes itself once; one that does not fit what came before notes nothing.
    guard revision == UInt64(entries.count) else { return nil }
  }
}

extension Ledger.Entry {
  fileprivate func grant(requestKey: String, state: GrantState) -> Grant {
    Grant(
      pool: pool, item: item, generation: generation, owner: owner, requestKey: requestKey,
      state: state)
  }
}
