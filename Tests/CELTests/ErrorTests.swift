import CEL
import Testing
import ValueTree

@Suite("Errors name the place, the value and its path")
struct ErrorTests {
  private func error(_ expression: String, _ data: String) throws -> EvaluationError? {
    do {
      _ = try evaluate(expression, ["self": CELValue(try json(data))])
      Issue.record("\(expression) has a value")
      return nil
    } catch let error as EvaluationError {
      return error
    }
  }

  private let service = #"{"spec": {"ports": [{"port": 80}, {"port": "http"}, {}]}}"#

  @Test(
    "Paths",
    arguments: [
      ("self.spec.ports.map(p, p.port + 1)", "self.spec.ports[1].port"),
      ("self.spec.ports.map(p, has(p.port), p.port).size() + self.spec.porst", "self.spec.porst"),
      ("self.spec.ports[2].port == 1", "self.spec.ports[2].port"),
      ("self.spec.ports.all(i, p, p.port != 0)", "self.spec.ports[2].port"),
      ("cel.bind(q, self.spec.ports[1], q.port > 1)", "self.spec.ports[1].port"),
      ("self['spec'].x", "self[\"spec\"].x"),
    ])
  func paths(_ expression: String, _ path: String) throws {
    #expect(try error(expression, service)?.path == path)
  }

  @Test("An error shows the line, a caret and the value")
  func caret() throws {
    let error = try error("true &&\n  self.spec.ports[1].port > 1024", service)
    #expect(
      error?.description == """
        2:27: no such overload: > on (string, int): "http", 1024 (at self.spec.ports[1].port)
         |   self.spec.ports[1].port > 1024
         |                           ^
        """)
  }

  @Test("Long values are shortened")
  func long() throws {
    let text = String(repeating: "x", count: 10_000)
    let error = try error("self + 1", "\"\(text)\"")
    #expect((error?.message.utf8.count ?? 0) < 300)
  }

  @Test("A result that must be a boolean")
  func holds() throws {
    let environment = Environment(["x": .dyn])
    let program = try environment.compile("x")
    var bindings = Bindings(environment)
    bindings["x"] = .int(1)
    var evaluator = Evaluator()
    #expect(throws: EvaluationError.self) { try evaluator.holds(program, bindings) }
  }
}

@Suite("Unknowns: what is not bound is not guessed")
struct UnknownTests {
  @Test(
    "An unknown is the result unless something else decides",
    arguments: [
      ("x", ["x"]), ("x + y", ["x", "y"]), ("x.a.b[0]", ["x"]), ("x && y", ["x", "y"]),
      ("x || false", ["x"]),
      ("x && 1 / 0 > 0", ["x"]), ("1 / 0 > 0 && x", ["x"]), ("x ? 1 : 2", ["x"]), ("[1, x]", ["x"]),
      ("{'a': x}", ["x"]), ("[1].all(e, x)", ["x"]), ("[1].map(e, e + x)", ["x"]),
      ("size(x)", ["x"]),
      ("x.all(e, e)", ["x"]), ("[x, y].size()", ["x"]), ("x.?a", ["x"]), ("has(x.a)", ["x"]),
    ])
  func unknown(_ expression: String, _ names: [String]) throws {
    let environment = Environment(["x": .dyn, "y": .dyn])
    let program = try environment.compile(expression)
    var evaluator = Evaluator()
    let value = try evaluator.evaluate(program, Bindings(environment))
    guard case .unknown(let set) = value else {
      Issue.record("\(expression) is \(value)")
      return
    }
    #expect(set.names == names)
  }

  @Test(
    "What decides, decides",
    arguments: [
      "!(x && false)", "x || true", "true || x", "!(false && x)", "[1, 2].exists(e, e == 2 || x)",
    ])
  func decided(_ expression: String) throws {
    let environment = Environment(["x": .dyn])
    var evaluator = Evaluator()
    #expect(try evaluator.holds(environment.compile(expression), Bindings(environment)))
  }
}
