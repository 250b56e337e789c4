import CEL
import CELTools
import Glibc
import ValueTree

func measure(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
  for _ in 0..<1000 { try body() }
  var best = Double.infinity
  for _ in 0..<7 {
    let before = clock()
    for _ in 0..<count { try body() }
    let time = Double(clock() - before) * 1e3 / Double(count)
    best = min(best, time)
  }
  print(name, best, "ns")
}

if CommandLine.arguments.contains("--bench") {
  var reader = JSONReader()
  let object = try reader.read(
    """
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"clusterIP":"10.0.0.1","ports":[
    {"name":"http","port":80,"protocol":"TCP"},{"name":"https","port":443,"protocol":"TCP"},
    {"name":"metrics","port":9090,"protocol":"TCP"},{"name":"admin","port":8080,"protocol":"TCP"},
    {"name":"grpc","port":50051,"protocol":"TCP"}]}}
    """)
  let environment = Environment(["self": .dyn])
  let rule = try environment.compile("self.spec.ports.all(p, p.port > 0 && p.port < 65536)")
  var bindings = Bindings(environment)
  bindings.bind("self", to: object)
  var evaluator = Evaluator()
  try measure("ports", 100_000) { _ = try evaluator.holds(rule, bindings) }
  let device = try reader.read(
    """
    {"attributes":{"model":{"string":"h100"},"memory":{"quantity":"80Gi"}},"capacity":{"memory":{"value":"80Gi"}}}
    """)
  let devices = DeviceVariable.environment
  let selector = try devices.compile(
    "device.attributes[\"gpu.example.com\"].memory.compareTo(quantity(\"40Gi\")) >= 0")
  var values = Bindings(devices)
  values["device"] = try DeviceVariable.value(of: device, driver: "gpu.example.com")
  try measure("device", 100_000) { _ = try evaluator.holds(selector, values) }
  for text in [
    "true", "self.spec.clusterIP == '10.0.0.1'", "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    "self.spec.ports.map(p, p.port).size() == 5", "self.spec.ports.exists(p, p.name == 'grpc')",
    "self.spec.ports.size() == 5",
  ] {
    let program = try environment.compile(text)
    try measure(text, 50_000) { _ = try evaluator.evaluate(program, bindings) }
  }
} else {
  var conformance = Conformance()
  while let line = readLine() {
    print(conformance.answer(line))
    fflush(nil)
  }
}
