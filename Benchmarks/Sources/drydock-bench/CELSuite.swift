import BenchmarkHarness
import CEL
import ValueTree

/// The expression language: what a rule costs once it is compiled.
///
/// The heap rows hold what many evaluations leave behind; in steady state that is nothing.
let celSuite = Suite(
  "cel",
  [
    .time("rule-on-5-ports", target: .nanoseconds(atMost: 1_000)) {
      evaluating("self.spec.ports.all(p, p.port > 0 && p.port < 65536)", service())
    },
    .time("device-quantity", target: .nanoseconds(atMost: 1_000)) {
      let environment = DeviceVariable.environment
      return evaluating(
        #"device.attributes["gpu.example.com"].memory.compareTo(quantity("40Gi")) >= 0"#,
        environment, device(environment))
    },
    .time("compare-string") { evaluating("self.spec.clusterIP == '10.0.0.1'", service()) },
    .time("match-name") {
      evaluating("self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')", service())
    },
    .time("map-5-ports") { evaluating("self.spec.ports.map(p, p.port)", service()) },
    .time("compile-rule") {
      let environment = Environment(["self": .dyn])
      return {
        for _ in 0..<$0 {
          use(compiled("self.spec.ports.all(p, p.port > 0 && p.port < 65536)", environment))
        }
      }
    },
    .memory("heap-after-evaluations", count: 100_000, target: .bytes(atMost: 1)) { count in
      evaluating("self.spec.ports.all(p, p.port > 0 && p.port < 65536)", service())(count)
      return 0
    },
  ])

private func parsed(_ text: String) -> Value {
  var reader = JSONReader()
  do {
    return try reader.read(text)
  } catch {
    preconditionFailure("the data of the benchmark is malformed: \(error)")
  }
}

private func service() -> Value {
  parsed(
    """
    {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {
      "clusterIP": "10.0.0.1", "ports": [
        {"name": "http", "port": 80, "protocol": "TCP"}, {"name": "https", "port": 443, "protocol": "TCP"},
        {"name": "metrics", "port": 9090, "protocol": "TCP"}, {"name": "admin", "port": 8080, "protocol": "TCP"},
        {"name": "grpc", "port": 50051, "protocol": "TCP"}]}}
    """)
}

private func device(_ environment: Environment) -> Bindings {
  let value = parsed(
    #"{"attributes": {"model": {"string": "h100"}, "memory": {"quantity": "80Gi"}}}"#)
  var bindings = Bindings(environment)
  do {
    bindings["device"] = try DeviceVariable.value(of: value, driver: "gpu.example.com")
  } catch {
    preconditionFailure("the device of the benchmark is malformed: \(error)")
  }
  return bindings
}

private func compiled(_ expression: String, _ environment: Environment) -> Program {
  do {
    return try environment.compile(expression)
  } catch {
    preconditionFailure("an expression of the benchmark does not compile:\n\(error)")
  }
}

private func evaluating(_ expression: String, _ value: Value) -> Benchmark.Batch {
  let environment = Environment(["self": .dyn])
  var bindings = Bindings(environment)
  bindings.bind("self", to: value)
  return evaluating(expression, environment, bindings)
}

private func evaluating(
  _ expression: String, _ environment: Environment, _ bindings: Bindings
) -> Benchmark.Batch {
  let program = compiled(expression, environment)
  return { count in
    var evaluator = Evaluator()
    for _ in 0..<count {
      do {
        use(try evaluator.evaluate(program, bindings))
      } catch {
        preconditionFailure("an expression of the benchmark fails:\n\(error)")
      }
    }
  }
}
