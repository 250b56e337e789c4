import APIMachinery
import Testing
import ValueTree

@Suite("Strategic merge patch: lists of things with keys are merged by them")
struct StrategicMergePatchTests {
  private func json(_ text: String) throws -> Value {
    var reader = JSONReader()
    return try reader.read(text)
  }

  /// A deployment whose pods have these parts, after a patch of those parts.
  private func patched(_ spec: String, _ patch: String) throws -> Value? {
    let path = FieldPath("spec", "template", "spec")
    let before = try #require(Value.emptyMap.setting(path, to: try json(spec)))
    let changes = try #require(Value.emptyMap.setting(path, to: try json(patch)))
    let after = try StrategicMergePatch().patched(
      before, by: changes, apiVersion: "apps/v1", kind: "Deployment")
    return after[path]
  }

  @Test(
    "A patch leads to",
    arguments: [
      (
        "an element is found by its key and merged",
        #"{"containers":[{"name":"a","image":"1","tty":true},{"name":"b"}]}"#,
        #"{"containers":[{"name":"a","image":"2"}]}"#,
        #"{"containers":[{"name":"a","image":"2","tty":true},{"name":"b"}]}"#
      ),
      (
        "an element that is new is appended, without its nulls",
        #"{"containers":[{"name":"a"}]}"#,
        #"{"containers":[{"name":"b","image":null,"tty":true}]}"#,
        #"{"containers":[{"name":"a"},{"name":"b","tty":true}]}"#
      ),
      (
        "an element goes by a directive",
        #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
        #"{"containers":[{"name":"a","$patch":"delete"}]}"#, #"{"containers":[{"name":"b"}]}"#
      ),
      (
        "a list is replaced by a directive",
        #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
        #"{"containers":[{"name":"c"},{"$patch":"replace"}]}"#, #"{"containers":[{"name":"c"}]}"#
      ),
      (
        "a list that has no key is replaced",
        #"{"containers":[{"name":"a","args":["x","y"]}]}"#,
        #"{"containers":[{"name":"a","args":["z"]}]}"#,
        #"{"containers":[{"name":"a","args":["z"]}]}"#
      ),
      (
        "an order is kept, and what it does not know stays where it was",
        #"{"containers":[{"name":"x"},{"name":"a"},{"name":"b"}]}"#,
        #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"a","image":"2"}]}"#,
        #"{"containers":[{"name":"x"},{"name":"b"},{"name":"a","image":"2"}]}"#
      ),
      (
        "an order alone orders",
        #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
        #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}"#,
        #"{"containers":[{"name":"b"},{"name":"a"}]}"#
      ),
      (
        "keys that are not to be kept go",
        #"{"volumes":[{"name":"v","emptyDir":{}}]}"#,
        #"{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/"}}]}"#,
        #"{"volumes":[{"name":"v","hostPath":{"path":"/"}}]}"#
      ),
      (
        "a map is replaced by a directive", #"{"nodeSelector":{"a":"b"}}"#,
        #"{"nodeSelector":{"$patch":"replace","c":"d"}}"#, #"{"nodeSelector":{"c":"d"}}"#
      ),
      (
        "null removes", #"{"nodeSelector":{"a":"b","c":"d"},"hostname":"h"}"#,
        #"{"nodeSelector":{"a":null},"hostname":null}"#, #"{"nodeSelector":{"c":"d"}}"#
      ),
    ])
  func results(_ rule: String, _ spec: String, _ patch: String, _ expected: String) throws {
    #expect(try patched(spec, patch) == json(expected), "\(rule)")
  }

  @Test("Finalizers are a set, and leave it by a directive")
  func scalars() throws {
    let object = try json(#"{"metadata":{"finalizers":["a","b"]}}"#)
    func after(_ patch: String) throws -> Value? {
      try StrategicMergePatch().patched(
        object, by: json(patch), apiVersion: "v1", kind: "ConfigMap")[
          FieldPath("metadata", "finalizers")]
    }
    #expect(try after(#"{"metadata":{"finalizers":["b","c"]}}"#) == ["a", "b", "c"])
    #expect(
      try after(#"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}"#) == ["b"])
  }

  @Test("An element without its key is refused")
  func refusals() throws {
    #expect(throws: StrategicMergePatch.Failure.self) {
      try patched(#"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"image":"x"}]}"#)
    }
    #expect(throws: StrategicMergePatch.Failure.self) {
      try patched(#"{"nodeSelector":{}}"#, #"{"nodeSelector":{"$patch":"improve"}}"#)
    }
  }
}
