/// An expression whose names are resolved and whose types are known.
struct Checked: Sendable {
  /// What a node's name means.
  enum Reference: Sendable {
    case variable(Int)
    /// A variable of a macro, by its number in the whole expression.
    case local(Int)
    case type(CELType)
    case overloads([Overload], name: String, withTarget: Bool)
    case undeclared(String)
  }

  let source: SourceText
  var syntax: Syntax
  /// By node.
  var types: [CELType]
  /// By node.
  var references: [Reference?]
  /// By node that declares variables: their numbers.
  var locals: [NodeID: [Int]]
  /// By local variable.
  var localTypes: [CELType]

  var localCount: Int { localTypes.count }

  var type: CELType { types[Int(syntax.root)] }
}
