import APIMachinery
import APIServer
import ControllerRuntime
import Scalars
import Simulation
import SystemControllers
import Testing
import ValueTree

@Suite("2.6 Informers whose revision is forgotten")
struct HistoryTests {
  private func owned(_ cluster: inout Cluster) throws -> (owner: APIObject, pods: [APIObject]) {
    let set = try cluster.create(object(Kinds.replicaSet, "web"))
    let pods = try ["a", "b"].map { name in
      try cluster.create(object(Kinds.pod, name, owners: [reference(set)]))
    }
    cluster.settle()
    return (set, pods)
  }

  @Test(
    "2.6: an informer that has missed writes lists again, and finds what is gone by the difference",
    arguments: [GoDuration.zero, .seconds(5)])
  func expired(_ lag: GoDuration) throws {
    var cluster = try Cluster(planned(lag: lag))
    let (set, pods) = try owned(&cluster)
    try cluster.delete(set)
    let late = try cluster.create(object(Kinds.pod, "late", owners: [reference(set)]))
    cluster.forgetHistory()
    cluster.settle()
    #expect(cluster.told.contains { $0.contains("gone (410 Expired), and lists replicasets: 1") })
    for pod in pods + [late] { #expect(!cluster.has(pod), "\(pod.name)") }
    #expect(cluster.stuck == [])
  }

  @Test("2.6: who has seen every write goes on without a list")
  func seen() throws {
    var cluster = try Cluster()
    let (set, pods) = try owned(&cluster)
    cluster.forgetHistory()
    cluster.settle()
    #expect(!cluster.told.contains { $0.contains("410") })
    try cluster.delete(set)
    cluster.settle()
    for pod in pods { #expect(!cluster.has(pod)) }
  }

  @Test("2.1: after a restoration with new revisions every informer lists what has come back")
  func restored() throws {
    var cluster = try Cluster()
    let (set, pods) = try owned(&cluster)
    let backup = cluster.world.server.store
    try cluster.delete(set)
    cluster.settle()
    #expect(!cluster.has(pods[0]))
    cluster.restore(backup, bump: true)
    cluster.settle()
    #expect(cluster.has(set) && cluster.has(pods[0]))
    try cluster.delete(set)
    cluster.settle()
    for pod in pods { #expect(!cluster.has(pod)) }
  }

  @Test("2.1: after one without, informers stay on ghosts: what has come back is not seen")
  func ghosts() throws {
    var cluster = try Cluster()
    let (set, pods) = try owned(&cluster)
    let backup = cluster.world.server.store
    try cluster.delete(set)
    cluster.settle()
    cluster.restore(backup, bump: false)
    try cluster.delete(set)
    cluster.settle()
    #expect(cluster.has(pods[0]))
  }
}
