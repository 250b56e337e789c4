import APIMachinery
import Scalars
import ValueTree

/// SplitMix64: small, and the same on every machine, so that a printed seed replays a failure.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<bound`.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// One of these.
  mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

  /// A value without nulls, at most `depth` deep.
  mutating func value(depth: Int) -> Value {
    switch below(depth > 0 ? 8 : 5) {
    case 0: return Value(below(2) == 0)
    case 1: return Value(below(1_000) - 500)
    case 2: return Value(Int64(bitPattern: next()))
    case 3: return Value(Double(below(1_000)) + 0.5)
    case 4: return Value(pick(["", "a", "ü", "a longer text than one word", "\"\\\n"]))
    case 5:
      var elements: [Value] = []
      for _ in 0..<below(4) { elements.append(value(depth: depth - 1)) }
      return Value(elements)
    default: return map(depth: depth)
    }
  }

  /// A map without nulls; a few keys recur, so that two maps have some in common.
  mutating func map(depth: Int) -> Value {
    var result = Value.emptyMap
    for _ in 0..<below(5) {
      let key = Key(pick(["spec", "status", "a", "b", "x.y/z", "name", "items", "ä"]))
      result = result.setting(key, to: value(depth: depth - 1))
    }
    return result
  }

  /// An object with any mixture of metadata.
  mutating func object(_ type: ResourceType) -> APIObject {
    var header = ObjectHeader(
      namespace: type.definition.isNamespaced ? pick(["default", "a"]) : "",
      name: pick(["", "web", "a-name"]), resourceVersion: pick([0, 1, next()]),
      generation: pick([0, 1, 77]))
    if below(2) == 0 { header.uid = UID(high: next(), low: next()) }
    if below(2) == 0 { header.creationTimestamp = Timestamp(seconds: Int64(below(4_000_000_000))) }
    if below(2) == 0 { header.deletionTimestamp = Timestamp(seconds: Int64(below(4_000_000_000))) }
    if below(2) == 0 { header.deletionGracePeriodSeconds = Int64(below(60)) }
    var body = map(depth: 3).removing("name")
    var metadata: [(Key, Value)] = []
    if below(2) == 0 { metadata.append((Fields.labels, ["app": Value(pick(["", "web"]))])) }
    if below(2) == 0 { metadata.append((Fields.annotations, ["example.com/a": "b"])) }
    if below(2) == 0 { metadata.append((Fields.finalizers, ["example.com/a", "example.com/b"])) }
    if below(3) == 0 {
      let owner = OwnerReference(
        apiVersion: "v1", kind: "Pod", name: "p", uid: "u", controller: below(2) == 0,
        blockOwnerDeletion: below(2) == 0)
      metadata.append((Fields.ownerReferences, [owner.value]))
    }
    if below(3) == 0 { metadata.append((Fields.generateName, "web-")) }
    if !metadata.isEmpty { body = body.setting(Fields.metadata, to: Value(members: metadata)) }
    return APIObject(type: type, header: header, body: body)
  }
}
