import APIMachinery
import Scalars
import Testing
import ValueTree

@testable import ExternalControllers

/// One that waits, in a box: an expectation changes nothing that it looks at.
private final class Waiting {
  private var confirmation: RestConfirmation

  init(for length: GoDuration, after look: RestConfirmation.Look, lastArrival: GoDuration) {
    confirmation = RestConfirmation(for: length, after: look, lastArrival: lastArrival)
  }

  func isOver(_ look: RestConfirmation.Look) -> Bool { confirmation.isOver(look) }
  var leaseTime: GoDuration { confirmation.leaseTime }
}

@Suite("How long what looks wrong at rest must stay so")
struct ConfirmationTests {
  private func lease(_ holder: String, renewed: Int64, _ renewTime: String) -> HeldLease {
    HeldLease(
      ObjectKey(namespace: "default", name: "leader"), holder: holder, renewTime: renewTime,
      duration: .seconds(15), renewed: .seconds(renewed))
  }

  private func look(_ seconds: Int64, _ leases: HeldLease...) -> RestConfirmation.Look {
    RestConfirmation.Look(at: .seconds(seconds), leases: leases)
  }

  @Test("Without leases the time counts from the rest")
  func plain() {
    let confirmation = Waiting(
      for: .seconds(6), after: look(10), lastArrival: .seconds(1))
    #expect(!confirmation.isOver(look(15)))
    #expect(confirmation.isOver(look(16)))
    #expect(confirmation.leaseTime == .zero)
  }

  @Test("While the lease of one who is gone has not run out, nothing is wrong")
  func candidate() {
    let old = lease("gone", renewed: 8, "a")
    let confirmation = Waiting(
      for: .seconds(6), after: look(10, old), lastArrival: .seconds(1))
    #expect(!confirmation.isOver(look(16, old)))
    #expect(!confirmation.isOver(look(28, old)), "8 + 15, and 5 to try again")
    #expect(!confirmation.isOver(look(29, old)))
    #expect(!confirmation.isOver(look(33, old)))
    #expect(confirmation.isOver(look(34, old)))
    #expect(confirmation.leaseTime == .seconds(18))
  }

  @Test("A candidate counts from when it first looked")
  func lateCandidate() {
    let old = lease("gone", renewed: 8, "a")
    let confirmation = Waiting(
      for: .seconds(6), after: look(14, old), lastArrival: .seconds(12))
    #expect(!confirmation.isOver(look(32, old)), "12 + 15, and 5 to try again")
    #expect(!confirmation.isOver(look(33, old)))
    #expect(confirmation.isOver(look(38, old)))
  }

  @Test(
    "Who has taken a lease over, renewed or given it back has time from there on", arguments: 0..<3)
  func takenOver(way: Int) {
    let old = lease("gone", renewed: 8, "a")
    let leases = [[lease("other", renewed: 20, "a")], [lease("gone", renewed: 20, "b")], []][way]
    let confirmation = Waiting(
      for: .seconds(6), after: look(10, old), lastArrival: .seconds(1))
    #expect(!confirmation.isOver(look(19, old)))
    #expect(!confirmation.isOver(RestConfirmation.Look(at: .seconds(20), leases: leases)))
    #expect(!confirmation.isOver(RestConfirmation.Look(at: .seconds(24), leases: leases)))
    #expect(confirmation.isOver(RestConfirmation.Look(at: .seconds(25), leases: leases)))
  }

  @Test("Who asks for no confirmation waits for no lease")
  func none() {
    let old = lease("gone", renewed: 8, "a")
    let confirmation = Waiting(for: .zero, after: look(10, old), lastArrival: .zero)
    #expect(confirmation.isOver(look(10, old)))
  }

  @Test("A Lease is held by whom it names, until its time is over")
  func reading() throws {
    let registry = ResourceRegistry.builtIn
    let type = try #require(registry.type(apiVersion: "coordination.k8s.io/v1", kind: "Lease"))
    var header = ObjectHeader()
    header.name = "leader"
    header.namespace = "default"
    func held(_ spec: Value) -> HeldLease? {
      let object = APIObject(type: type, header: header, body: ["spec": spec])
      return HeldLease(
        object, at: .seconds(30), Timestamp(seconds: 1_767_225_610))
    }
    let lease = try #require(
      held([
        "holderIdentity": "a", "leaseDurationSeconds": 15,
        "renewTime": "2026-01-01T00:00:00.000000Z",
      ]))
    #expect(lease.renewed == .seconds(20))
    #expect(lease.duration == .seconds(15))
    #expect(lease.holder == "a")
    #expect(
      held([
        "holderIdentity": "", "leaseDurationSeconds": 15,
        "renewTime": "2026-01-01T00:00:00.000000Z",
      ]) == nil)
    #expect(held(["holderIdentity": "a", "leaseDurationSeconds": 15]) == nil)
  }
}
