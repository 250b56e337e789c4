/// Colour for people at a terminal, and none for anybody else.
public struct Style: Sendable {
  /// Whether escape sequences are written.
  public let isColoured: Bool

  /// A style.
  public init(isColoured: Bool) { self.isColoured = isColoured }

  /// Text without any colour.
  public static let plain = Style(isColoured: false)

  /// What went well.
  public func good(_ text: String) -> String { painted(text, "32") }

  /// What went wrong.
  public func bad(_ text: String) -> String { painted(text, "1;31") }

  /// What deserves a look.
  public func warning(_ text: String) -> String { painted(text, "33") }

  /// What stands behind.
  public func faint(_ text: String) -> String { painted(text, "2") }

  /// What stands out.
  public func strong(_ text: String) -> String { painted(text, "1") }

  private func painted(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
