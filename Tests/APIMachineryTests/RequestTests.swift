import APIMachinery
import Testing
import ValueTree

@Suite("Requests as values")
struct RequestTests {
  @Test("Verbs, keys and hashes tell requests apart")
  func requests() throws {
    let pods = try #require(ResourceRegistry.builtIn.type(named: "pods"))
    let key = ObjectKey(namespace: "n", name: "a")
    let object = APIObject(
      type: pods, header: ObjectHeader(namespace: "n", name: "a"), body: ["spec": [:]])
    let table: [(APIRequest, String, Bool)] = [
      (.get(pods, key), "get", false), (.list(pods, namespace: nil), "list", false),
      (.list(pods, namespace: "n"), "list", false), (.create(object), "create", true),
      (.update(object), "update", true),
      (.update(object, subresource: .status), "update-status", true),
      (.update(object.with(resourceVersion: 2)), "update", true),
      (.mergePatch(pods, key, ["a": 1]), "patch", true),
      (.mergePatch(pods, key, ["a": 2]), "patch", true),
      (.mergePatch(pods, key, ["a": 1], subresource: .finalize), "patch-finalize", true),
      (.delete(pods, key, .none), "delete", true),
      (.delete(pods, key, DeleteOptions(uid: UID(high: 1, low: 0))), "delete", true),
      (.delete(pods, key, DeleteOptions(uid: UID(high: 2, low: 0))), "delete", true),
      (.delete(pods, key, DeleteOptions(resourceVersion: 3)), "delete", true),
    ]
    for (request, verb, isWrite) in table {
      #expect(request.verb == verb)
      #expect(request.isWrite == isWrite)
      #expect(request.type === pods)
      #expect(request.key == (verb == "list" ? nil : key))
    }
    #expect(Set(table.map { $0.0.stableHash }).count == table.count)
    #expect(APIResponse.object(object).object === object)
    #expect(APIResponse.list([object], revision: 1).object == nil)
    #expect(
      APIResponse.list([object], revision: 1).stableHash
        != APIResponse.list([object], revision: 2).stableHash)
  }
}
