import APIMachinery
import Allocation
import Testing

@Suite("Audit: books against records")
struct AuditTests {
  @Test("Books and records that agree are clean; other pools do not matter")
  func clean() throws {
    var book = try makeBook(3)
    _ = try book.ensure(asks(1, for: 2))
    let audit = Audit(
      of: book,
      records: [
        record("gpu-0", of: 1), record("gpu-1", of: 1, generation: nil),
        record("gpu-2", of: 9, pool: "others"),
      ])
    #expect(audit.isClean)
  }

  @Test("A grant that nobody records, or only another owner or generation, is leaked")
  func leaked() throws {
    var book = try makeBook(3)
    let grants = try book.ensure(asks(1, for: 3))
    let audit = Audit(
      of: book,
      records: [
        record("gpu-1", of: 2, isTerminating: true),
        record("gpu-2", of: 1, generation: 7, isTerminating: true),
      ])
    #expect(audit.leaked == grants)
    #expect(audit.duplicate.isEmpty && audit.dangling.isEmpty && !audit.isClean)
  }

  @Test("A closing grant that its terminating owner still records is no leak")
  func closing() throws {
    var book = try makeBook(1)
    _ = try book.ensure(asks(1))
    book.beginRelease(owner: owner(1))
    #expect(Audit(of: book, records: [record("gpu-0", of: 1, isTerminating: true)]).isClean)
    let live = record("gpu-0", of: 1)
    #expect(Audit(of: book, records: [live]).dangling == [live])
  }

  @Test("Two live objects with one item are a duplicate; a terminating one may lag behind")
  func duplicate() throws {
    var book = try makeBook(1)
    _ = try book.ensure(asks(1))
    let mine = record("gpu-0", of: 1)
    let theirs = record("gpu-0", of: 2)
    let audit = Audit(of: book, records: [mine, theirs])
    #expect(audit.duplicate == [theirs] && audit.dangling == [theirs] && audit.leaked.isEmpty)
    #expect(Audit(of: book, records: [record("gpu-0", of: 2, isTerminating: true), mine]).isClean)
  }

  @Test("A live record of what is free, another's or of another generation dangles")
  func dangling() throws {
    var book = try makeBook(3)
    _ = try book.ensure(asks(1, for: 2))
    let records = [
      record("gpu-0", of: 1), record("gpu-1", of: 1, generation: 2), record("gpu-2", of: 1),
    ]
    let audit = Audit(of: book, records: records)
    #expect(audit.dangling == Array(records.dropFirst()))
    #expect(audit.leaked.map(\.item) == ["gpu-1"])
  }

  @Test("A record of an item that the pool does not have is out of range, and nothing else")
  func outOfRange() throws {
    let stray = record("gpu-9", of: 1)
    let audit = Audit(of: try makeBook(1), records: [stray])
    #expect(audit.outOfRange == [stray])
    #expect(audit.dangling.isEmpty && audit.duplicate.isEmpty)
  }
}
