import APIMachinery

/// What came of entering records into empty books.
public struct RebuildReport: Sendable, Hashable {
  /// Grants that are open again.
  public var adopted: [Grant] = []
  /// Records of items that another record has the better claim to; never resolved silently.
  public var duplicates: [AllocationRecord] = []
  /// Records of items that the pool does not have.
  public var unknown: [AllocationRecord] = []
}

extension PoolBook {
  /// Enters everything that objects record and opens the books (semantics 3.14.4).
  ///
  /// Of several claims to one item, one of an object that is not being deleted is the better one (an owner that is
  /// may have given the item back already and only not said so), then that of the later grant, then the one that
  /// stands first. Books that are ready know more than records tell and stay as they are.
  @discardableResult
  public mutating func rebuild(from records: [AllocationRecord]) -> RebuildReport {
    var report = RebuildReport()
    guard !isReady else { return report }
    var best: [Int: AllocationRecord] = [:]
    for record in records where record.pool == name {
      guard let item = allocator.item(named: record.item) else { continue }
      if let rival = best[item], !record.hasBetterClaim(than: rival) { continue }
      best[item] = record
    }
    for record in records where record.pool == name {
      guard let item = allocator.item(named: record.item) else {
        report.unknown.append(record)
        continue
      }
      let isKnown = grant(ofItem: record.item)?.owner == record.owner
      guard best[item]?.owner == record.owner, (try? adopt(record)) == true else {
        report.duplicates.append(record)
        continue
      }
      if !isKnown, let grant = grant(ofItem: record.item) { report.adopted.append(grant) }
    }
    finishRebuilding()
    return report
  }
}

extension AllocationRecord {
  fileprivate func hasBetterClaim(than rival: AllocationRecord) -> Bool {
    if isTerminating != rival.isTerminating { return !isTerminating }
    return (generation ?? 0) > (rival.generation ?? 0)
  }
}
