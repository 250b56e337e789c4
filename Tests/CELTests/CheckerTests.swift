import CEL
import Testing

@Suite("The checker deduces types and refuses what cannot work")
struct CheckerTests {
  @Test(
    "Deduced types",
    arguments: [
      ("1", CELType.int), ("1u", .uint), ("1.5", .double), ("'a'", .string), ("b'a'", .bytes),
      ("null", .null), ("[1]", .list(.int)), ("[]", .list(.dyn)), ("[1, 'a']", .list(.dyn)),
      ("{'a': 1}", .map(.string, .int)), ("{}", .map(.dyn, .dyn)),
      ("[[], [1]]", .list(.list(.int))),
      ("1 + 1", .int), ("1 < 2", .bool), ("[1][0]", .int), ("{'a': 1}.a", .int), ("size([])", .int),
      ("true ? 1 : 2", .int), ("true ? dyn(1) : 2", .dyn),
      ("[1].map(x, string(x))", .list(.string)),
      ("{'a': 1}.?a", .optional(.int)), ("optional.of(1).orValue(2)", .int),
      ("type(1)", .type(.int)),
      ("int", .type(.int)), ("timestamp(0) - timestamp(0)", .duration), ("dyn(1) + dyn(2)", .dyn),
      ("[1, 2].transformMap(i, v, 'x')", .map(.int, .string)), ("quantity('1')", .quantity),
      ("cel.bind(x, 'a', [x])", .list(.string)), ("has({'a': 1}.a)", .bool),
      ("math.greatest(1, 2)", .int), ("math.greatest(1, 2.0)", .dyn), ("dyn({}).a.b", .dyn),
    ])
  func types(_ expression: String, _ type: CELType) throws {
    #expect(try Environment().check(expression) == type)
  }

  @Test(
    "Mistakes",
    arguments: [
      ("1 + 1.0", "no matching overload for '+' applied to '(int, double)'"),
      ("1 + 'a'", "expected one of"), ("1 == 'a'", "no matching overload"), ("!1", "no matching"),
      ("'a' && true", "expected a bool"), ("1 ? 2 : 3", "must be a bool"),
      ("true ? 1 : 'a'", "must have one type"), ("x", "undeclared reference to 'x'"),
      ("f(1)", "undeclared reference to 'f'"), ("'a'.siez()", "did you mean 'size'"),
      ("'a'.b", "does not support field selection"), ("1[0]", "no matching overload"),
      ("{1.5: 2}", "a key must be"), ("{1: 2}.a", "string keys"),
      ("size(1)", "no matching overload"),
      ("'a'.contains(1)", "string.contains(string) -> bool"),
      ("A{b: 1}", "messages are not supported"),
      ("optional.of(1).optFlatMap(x, x)", "needs an optional"),
      ("1.optMap(x, x)", "takes an optional"),
      ("[1].transformMapEntry(i, v, v)", "needs a map"), ("duration('1s') * 2", "no matching"),
    ])
  func mistakes(_ expression: String, _ part: String) { expectMistake(expression, part) }

  @Test("Every mistake is found, in the order of their places")
  func several() {
    do throws(CompilationError) {
      _ = try Environment().compile("a + 1 ==\n b && 1 + 'x' > 2")
      Issue.record("compiles")
    } catch {
      #expect(error.issues.map(\.place.line) == [1, 2, 2])
      #expect(error.issues.map(\.place.column) == [1, 2, 9])
      #expect(error.issues[2].excerpt == " |  b && 1 + 'x' > 2\n |         ^")
    }
  }

  @Test("Objects have the fields of their schema, and no others")
  func objects() {
    let port = ObjectType("Port", fields: ["port": .init(.int), "name": .init(.string)])
    let environment = Environment([
      "self": .object(ObjectType("Service", fields: ["ports": .init(.list(.object(port)))]))
    ])
    #expect(throws: Never.self) { try environment.compile("self.ports.all(p, p.port > 0)") }
    expectMistake("self.port", "did you mean 'ports'", in: environment)
    expectMistake(
      "self.ports.all(p, p.porr > 0)", "undefined field 'porr' in Port; did you mean 'port'",
      in: environment)
    expectMistake("self.ports[0].name > 1", "no matching overload", in: environment)
  }

  @Test("The result may have to be of a type")
  func expected() {
    #expect(throws: CompilationError.self) { try Environment().compile("1", expecting: .bool) }
    #expect(throws: Never.self) { try Environment().compile("dyn(1)", expecting: .bool) }
  }

  @Test("Names are looked up in the container first, the longest first")
  func containers() throws {
    var environment = Environment(["a.b.x": .int, "a.x": .string, "x": .bool])
    environment.container = "a.b"
    #expect(try environment.check("x") == .int)
    #expect(try environment.check(".x") == .bool)
    environment.container = "a.c"
    #expect(try environment.check("x") == .string)
    environment.container = ""
    #expect(try environment.check("a.b.x") == .int)
  }

  @Test("Functions can be added, with parameters")
  func functions() throws {
    var environment = Environment()
    environment.declare(
      function: "pair",
      Overload(
        "pair_T", [.parameter("T"), .parameter("T")], .list(.parameter("T")),
        .binary { .list([$0, $1]) }))
    #expect(try environment.check("pair(1, 2)") == .list(.int))
    #expect(try environment.check("pair(1, dyn('a'))") == .list(.dyn))
    expectMistake("pair(1, 'a')", "no matching overload", in: environment)
    let program = try environment.compile("pair(1, 2) == [1, 2]")
    var evaluator = Evaluator()
    #expect(try evaluator.holds(program, Bindings(environment)))
  }
}
