/// How large an expression may be.
///
/// Recursion in the parser, the checker and the compiler is bounded by these, so that no text can
/// exhaust the stack.
public struct ExpressionLimits: Sendable, Hashable {
  /// The longest text in bytes.
  public var bytes: Int
  /// The deepest nesting of parentheses, brackets, calls and operators in the text.
  public var nesting: Int
  /// The deepest tree: a chain such as `a + b + c` counts its operators.
  public var treeDepth: Int
  /// The most nodes.
  public var nodes: Int

  /// Limits; the defaults hold for expressions that people write.
  ///
  /// - Parameters:
  ///   - bytes: The longest text in bytes.
  ///   - nesting: The deepest nesting in the text.
  ///   - treeDepth: The deepest tree.
  ///   - nodes: The most nodes.
  public init(
    bytes: Int = 100_000, nesting: Int = 150, treeDepth: Int = 400, nodes: Int = 50_000
  ) {
    self.bytes = bytes
    self.nesting = nesting
    self.treeDepth = treeDepth
    self.nodes = nodes
  }
}
