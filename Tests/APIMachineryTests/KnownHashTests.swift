import APIMachinery
import Testing
import ValueTree

@Suite("A hash that is known already is the one that would be computed")
struct KnownHashTests {
  private let type = ResourceRegistry.builtIn("v1", "ConfigMap")
  private let body: Value = ["data": ["a": "1", "b": "2"]]

  private func fresh(_ name: String, _ body: Value) -> UInt64 {
    let header = ObjectHeader(namespace: "default", name: name)
    return APIObject(type: type, header: header, body: body).contentHash
  }

  @Test("of the same body under another header")
  func header() {
    let object = APIObject(
      type: type, header: ObjectHeader(namespace: "default", name: "a"), body: body)
    _ = object.contentHash
    let other = object.with(header: ObjectHeader(namespace: "default", name: "b"))
    #expect(other.contentHash == fresh("b", body))
    #expect(other.contentHash != object.contentHash)
    #expect(object.with(resourceVersion: 9).contentHash == object.contentHash)
  }

  @Test("of another body that was perhaps the same")
  func anotherBody() {
    let object = APIObject(
      type: type, header: ObjectHeader(namespace: "default", name: "a"), body: body)
    _ = object.contentHash
    let header = object.header
    let kept = APIObject(type: type, header: header, body: body, perhapsOf: object)
    #expect(kept.contentHash == object.contentHash)
    // Equal, and stored somewhere else.
    let equal: Value = ["data": ["a": "1", "b": "2"]]
    let copied = APIObject(type: type, header: header, body: equal, perhapsOf: object)
    #expect(copied.contentHash == object.contentHash)
    let changed: Value = ["data": ["a": "1", "b": "3"]]
    let other = APIObject(type: type, header: header, body: changed, perhapsOf: object)
    #expect(other.contentHash == fresh("a", changed))
    #expect(other.contentHash != object.contentHash)
    // A part of the same storage is another value.
    let part: Value = body["data"] ?? Value.null
    let inner = APIObject(type: type, header: header, body: part, perhapsOf: object)
    #expect(inner.contentHash == fresh("a", part))
  }
}
