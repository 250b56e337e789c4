public import CEL
public import ValueTree

/// What `drydock cel` does: an expression over one document, checked against a schema if there is one.
public struct ExpressionCommand: Sendable {
  /// The text of the expression.
  public var expression: String
  /// The document; `self` and `object` in the expression.
  public var input: Value?
  /// A CustomResourceDefinition, or a schema as such, that gives `self` its type.
  public var schema: Value?

  /// What came out.
  public struct Result: Sendable {
    /// The value as data; nil where only types were checked.
    public let value: Value?
    /// The value as the language writes it; nil where only types were checked.
    public let text: String?
    /// The type of the expression.
    public let type: CELType
    /// What the evaluation cost, 0 where only types were checked.
    public let cost: UInt64
    /// What it may cost on any document of the schema.
    public let estimate: CostEstimate
  }

  /// A mistake in what the command was given.
  public struct Mistake: Error, Sendable, CustomStringConvertible {
    /// What is wrong, and what was expected.
    public let description: String
  }

  /// A command.
  ///
  /// - Parameters:
  ///   - expression: The text of the expression.
  ///   - input: The document.
  ///   - schema: A CustomResourceDefinition, or a schema as such.
  public init(expression: String, input: Value? = nil, schema: Value? = nil) {
    self.expression = expression
    self.input = input
    self.schema = schema
  }

  /// Checks the expression, and evaluates it if there is a document.
  ///
  /// - Returns: What came out.
  /// - Throws: `CompilationError`, `EvaluationError` or `Mistake`.
  public func run() throws -> Result {
    let types = try schema.map { try Self.types(of: $0, for: input) }
    let root = types?.type ?? .dyn
    let environment = Environment(["self": root, "object": root])
    let program = try environment.compile(expression)
    let estimate = program.estimatedCost(types?.sizes ?? SizeHints())
    guard let input else {
      if schema == nil { return try constant(program, environment, estimate) }
      return Result(
        value: nil, text: nil, type: program.resultType, cost: 0, estimate: estimate)
    }
    var bindings = Bindings(environment)
    bindings.bind("self", to: input)
    bindings.bind("object", to: input)
    return try evaluate(program, bindings, estimate)
  }

  /// Without a document the expression may still be one that needs none.
  private func constant(
    _ program: Program, _ environment: Environment, _ estimate: CostEstimate
  ) throws -> Result {
    try evaluate(program, Bindings(environment), estimate)
  }

  private func evaluate(
    _ program: Program, _ bindings: Bindings, _ estimate: CostEstimate
  ) throws -> Result {
    var evaluator = Evaluator()
    let value = try evaluator.evaluate(program, bindings)
    if case .unknown(let set) = value {
      throw Mistake(
        description: "the expression needs \(set.names.joined(separator: ", ")); "
          + "give a document with --input")
    }
    return Result(
      value: value.tree(), text: value.description, type: program.resultType,
      cost: evaluator.cost, estimate: estimate)
  }

  /// The types of a schema; of a CustomResourceDefinition, that of the document's version, or of the one
  /// that is stored.
  private static func types(of schema: Value, for input: Value?) throws(Mistake) -> SchemaTypes {
    guard schema["kind"]?.string == "CustomResourceDefinition" else {
      guard schema["type"] != nil || schema["properties"] != nil else {
        throw Mistake(
          description: "expected a CustomResourceDefinition or a schema with a type, found neither")
      }
      return SchemaTypes(schema: schema)
    }
    let versions = schema["spec"]?["versions"] ?? Value.emptyList
    let apiVersion = input?["apiVersion"]?.string ?? ""
    let wanted = apiVersion.split(separator: "/").last.map(String.init)
    var stored: Value?
    for version in versions.elements {
      if version["name"]?.string == wanted { stored = version; break }
      if version["storage"]?.bool == true || stored == nil { stored = version }
    }
    guard let found = stored?["schema"]?["openAPIV3Schema"] else {
      throw Mistake(description: "the CustomResourceDefinition has no version with a schema")
    }
    let kind = schema["spec"]?["names"]?["kind"]?.string ?? "object"
    return SchemaTypes(schema: found, name: kind, isResource: true)
  }
}
