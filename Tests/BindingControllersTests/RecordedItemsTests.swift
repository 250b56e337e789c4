import APIAllocation
import APIMachinery
import Testing
import ValueTree

/// What a claim's status says is written only where it says something else.
@Suite("Recorded items: written where they differ")
struct RecordedItemsTests {
  private let items = [
    RecordedItem(name: "gpu-0", generation: 3), RecordedItem(name: "gpu-1"),
  ]

  private func binding(_ devices: Value?) -> DeviceBinding {
    let status: Value = devices.map { ["devices": $0] } ?? .emptyMap
    return DeviceBinding(
      APIObject(
        type: DeviceBinding.type, header: ObjectHeader(namespace: "default", name: "a"),
        body: ["status": status]))
  }

  @Test("The same items make no new object")
  func same() {
    var written = binding(nil)
    written.devices = items
    #expect(written.devices == items)
    var again = written
    again.devices = items
    #expect(again.object === written.object)
  }

  @Test(
    "Whatever else stands there is written over",
    arguments: [
      [["name": "gpu-0", "generation": 3], ["name": "gpu-1", "note": "x"]],
      [["name": "gpu-0", "generation": 3], ["name": "gpu-1", "generation": 1]],
      [["name": "gpu-0", "generation": 4], ["name": "gpu-1"]],
      [["name": "gpu-0"], ["name": "gpu-1"]],
      [["name": "gpu-1"], ["name": "gpu-0", "generation": 3]],
      [["name": "gpu-0", "generation": 3]],
      [["name": "gpu-0", "generation": 3], ["name": "gpu-1"], ["name": "gpu-2"]],
      [["name": "gpu-0", "generation": 3], ["note": "gpu-1"]],
      [["name": "gpu-0", "generation": "3"], ["name": "gpu-1"]], "gpu-0",
    ] as [Value])
  func other(_ devices: Value) {
    var claim = binding(devices)
    claim.devices = items
    #expect(
      claim.object.body["status"]
        == ["devices": [["generation": 3, "name": "gpu-0"], ["name": "gpu-1"]]])
  }

  @Test("No items are no list")
  func none() {
    var claim = binding([["name": "gpu-0"]])
    claim.devices = []
    #expect(claim.object.body["status"] == .emptyMap)
  }
}
