import Allocation

extension World {
  /// O2 and I1: an item is granted to one owner at a time.
  func judgeOpened(
    _ grant: Grant, holder: String, _ others: [Ledger.OpenGrant]
  ) -> Violation? {
    guard let other = others.first(where: { $0.grant.owner != grant.owner }) else { return nil }
    return doubleHolder(grant.pool, grant.item, other.holder, holder)
  }

  /// O2: two live objects do not record one item.
  func judgeRecorded(_ record: AllocationRecord) -> Violation? {
    guard !record.isTerminating else { return nil }
    let others = records.records(pool: record.pool, item: record.item)
    guard let other = others.first(where: { $0.owner != record.owner && !$0.isTerminating })
    else { return nil }
    return doubleHolder(record.pool, record.item, other.holder, record.holder)
  }

  private func doubleHolder(
    _ pool: String, _ item: String, _ first: String, _ second: String
  ) -> Violation {
    Violation(
      oracle: .doubleHolder,
      sentence: "\(item) of pool \(pool) has two holders: \(first) and \(second)"
        + "\(excuse(pool, item)).",
      step: step, time: now, pool: pool, item: item,
      subject: "\(Violation.kind(of: first)), \(Violation.kind(of: second))")
  }

  /// How books that are kept in memory could hand an item out twice.
  private func excuse(_ pool: String, _ item: String) -> String {
    let life = ledger.biography(pool: pool, item: item)
    if let lost = life.last(where: { $0.event == .forgotten }) {
      return "; \(lost.actor) had handed it out to the first and forgot that in a crash"
    }
    let keepers = processes.filter { process in process.books.contains { $0.name == pool } }
    guard keepers.count > 1 else { return "" }
    return "; " + keepers.map(\.plan.name).joined(separator: " and ")
      + " each keep books of their own"
  }
}
