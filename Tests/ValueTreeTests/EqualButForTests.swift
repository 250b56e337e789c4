import Testing
import ValueTree

@Suite("Maps are compared but for some of their members")
struct EqualButForTests {
  private let keys: [Key] = ["metadata", "x-own"]

  @Test("whatever these hold and whether they are there")
  func leftOut() {
    let value: Value = ["data": ["a": 1], "metadata": ["name": "a"], "spec": [1, 2], "x-own": "y"]
    let others: [Value] = [
      value, ["data": ["a": 1], "spec": [1, 2]],
      ["data": ["a": 1], "metadata": "b", "spec": [1, 2]],
      ["data": ["a": 1], "spec": [1, 2], "x-own": [:]],
    ]
    for other in others {
      #expect(value.isEqual(to: other, butFor: keys))
      #expect(other.isEqual(to: value, butFor: keys))
    }
  }

  @Test("and all others count")
  func others() {
    let value: Value = ["data": ["a": 1], "metadata": ["name": "a"], "spec": [1, 2]]
    let others: [Value] = [
      ["data": ["a": 2], "metadata": ["name": "a"], "spec": [1, 2]],
      ["data": ["a": 1], "metadata": ["name": "a"]], ["metadata": ["name": "a"], "spec": [1, 2]],
      ["data": ["a": 1], "metadata": ["name": "a"], "spec": [1, 2], "z-own": 1],
      ["data": ["a": 1], "metadata": ["name": "a"], "status": [1, 2]], [:], "text", 3,
    ]
    for other in others {
      #expect(!value.isEqual(to: other, butFor: keys), "\(other)")
      #expect(!other.isEqual(to: value, butFor: keys), "\(other)")
    }
    #expect(!value.isEqual(to: value["data"] ?? .null, butFor: keys))
  }
}
