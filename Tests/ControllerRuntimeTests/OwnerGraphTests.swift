import APIMachinery
import ControllerRuntime
import Testing
import ValueTree

@Suite("Owner graph: who owns whom, event by event")
struct OwnerGraphTests {
  private func uid(_ number: Int) -> UID { UID(high: 1, low: UInt64(number)) }

  private func object(
    _ name: String, uid number: Int, owners: [Int] = [], _ type: ResourceType = ConfigMap.type
  ) -> APIObject {
    let references = owners.map {
      OwnerReference(apiVersion: "v1", kind: "ConfigMap", name: "o\($0)", uid: "\(uid($0))").value
    }
    return APIObject(
      type: type, header: ObjectHeader(namespace: "default", name: name, uid: uid(number)),
      body: owners.isEmpty ? .emptyMap : ["metadata": ["ownerReferences": Value(references)]])
  }

  @Test("Objects come, change their owners, and go")
  func life() {
    var graph = OwnerGraph()
    let first = object("a", uid: 1, owners: [7, 8])
    graph.note(InformerEvent(old: nil, new: first))
    #expect(graph.object(uid(1)) == first)
    #expect(graph.dependents(of: uid(7)) == [first] && graph.dependents(of: uid(8)) == [first])
    let second = object("a", uid: 1, owners: [8, 9])
    graph.note(InformerEvent(old: first, new: second))
    #expect(graph.dependents(of: uid(7)) == [])
    #expect(graph.dependents(of: uid(8)) == [second] && graph.dependents(of: uid(9)) == [second])
    let before = graph
    graph.note(InformerEvent(old: second, new: nil))
    #expect(graph.object(uid(1)) == nil)
    #expect([7, 8, 9].allSatisfy { graph.dependents(of: uid($0)).isEmpty })
    #expect(before.dependents(of: uid(9)) == [second], "a copy stays as it is")
  }

  @Test("An object that was made again by the same name is another one")
  func madeAgain() {
    var graph = OwnerGraph()
    let old = object("a", uid: 1, owners: [7])
    let new = object("a", uid: 2, owners: [8])
    graph.note(InformerEvent(old: nil, new: old))
    graph.note(InformerEvent(old: old, new: new))
    #expect(graph.object(uid(1)) == nil && graph.object(uid(2)) == new)
    #expect(graph.dependents(of: uid(7)) == [] && graph.dependents(of: uid(8)) == [new])
  }

  @Test("What has not the form of a UID, or not as servers print it, is nobody's")
  func foreignUID() {
    var graph = OwnerGraph()
    let owner = UID(high: 0xABCD, low: 1)
    for text in ["x", "\(owner)".uppercased()] {
      let reference = OwnerReference(apiVersion: "v1", kind: "ConfigMap", name: "o", uid: text)
      #expect(reference.ownerUID == nil)
      let object = APIObject(
        type: ConfigMap.type, header: ObjectHeader(namespace: "default", name: "a", uid: uid(1)),
        body: ["metadata": ["ownerReferences": [reference.value]]])
      graph.note(InformerEvent(old: nil, new: object))
      #expect(graph.dependents(of: owner) == [])
    }
  }

  @Test("After any events the graph says what a search through all objects would")
  func model() {
    var random = SplitMix(seed: 11)
    var graph = OwnerGraph()
    var objects: [String: APIObject] = [:]
    var number = 100
    for _ in 0..<300 {
      let type = random.below(2) == 0 ? ConfigMap.type : Deployment.type
      let name = "n\(random.below(12))"
      let slot = "\(type.kind) \(name)"
      let old = objects[slot]
      var new: APIObject?
      if old == nil || random.below(3) > 0 {
        // One in four is another object by the same name, as a list after a gap may tell.
        if old == nil || random.below(4) == 0 { number += 1 }
        let owners = (0..<random.below(4)).map { _ in random.below(6) }
        let kept = old.map { Int($0.uid.low) }
        let isNew = old == nil || random.below(4) == 0
        if isNew { number += 1 }
        new = object(name, uid: isNew ? number : kept ?? number, owners: owners, type)
      }
      graph.note(InformerEvent(old: old, new: new))
      objects[slot] = new
      for owner in 0..<6 {
        let expected = objects.values.filter { object in
          object.ownerReferences.contains { $0.uid == "\(uid(owner))" }
        }.sorted { ($0.type.index, $0.key) < ($1.type.index, $1.key) }
        #expect(graph.dependents(of: uid(owner)) == expected)
      }
      #expect(objects.values.allSatisfy { graph.object($0.uid) == $0 })
    }
  }
}
