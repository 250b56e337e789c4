/// Which fields a value may have, as far as that is known.
///
/// Of numbers, texts and other plain values nothing is said. Types refuse what does not fit; an outline only tells of names that no value can have.
public indirect enum Outline: Sendable, Equatable {
  /// Nothing is known: any field may be there.
  case open
  /// Null, or no value yet, which says nothing of the others that stand in its place.
  case nothing
  /// A list of values.
  case list(Outline)
  /// A map whose keys are free.
  case map(Outline)
  /// A map whose keys are known.
  case record(Record)

  /// A map whose keys are known.
  public struct Record: Sendable, Equatable {
    /// What has the fields, in words: `PortClaim`.
    public let subject: String
    /// Where in the subject it is: `spec`; empty for the whole.
    public let path: String
    /// The names of the fields that are known.
    public let names: [String]
    private let identity: String
    private let member: @Sendable (String) -> Outline?

    /// A record.
    ///
    /// - Parameters:
    ///   - subject: What has the fields, in words.
    ///   - path: Where in the subject it is.
    ///   - identity: What tells subjects of one word apart.
    ///   - names: The names of the fields that are known.
    ///   - member: The field of a name; nil where there cannot be one.
    public init(
      subject: String, path: String = "", identity: String? = nil, names: [String],
      member: @escaping @Sendable (String) -> Outline?
    ) {
      self.subject = subject
      self.path = path
      self.identity = identity ?? subject
      self.names = names
      self.member = member
    }

    /// The field of a name; nil where there cannot be one.
    ///
    /// - Parameter name: The name.
    /// - Returns: what is known of its value.
    public func field(_ name: String) -> Outline? { member(name) }

    /// Where a field of it is in its subject.
    ///
    /// - Parameter name: The field's name.
    /// - Returns: the path with dots.
    public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// Whether two are the same part of the same subject.
    public static func == (left: Record, right: Record) -> Bool {
      left.identity == right.identity && left.path == right.path
    }
  }

  /// What is known of a value that may be either.
  ///
  /// - Parameter other: The outline of the other.
  /// - Returns: what holds for both.
  public func merged(with other: Outline) -> Outline {
    switch (self, other) {
    case (.nothing, let known), (let known, .nothing): known
    case (.list(let left), .list(let right)): .list(left.merged(with: right))
    case (.map(let left), .map(let right)): .map(left.merged(with: right))
    case (.record(let left), .record(let right)) where left == right: self
    default: .open
    }
  }

  /// What is known of the elements of a list, or of the values of a map.
  public var element: Outline {
    switch self {
    case .list(let element), .map(let element): element
    case .nothing: .nothing
    default: .open
    }
  }
}

/// A field that an expression reads or writes, and that no value can have there.
public struct UnknownField: Sendable {
  /// The field's name.
  public let name: String
  /// What has no such field.
  public let record: Outline.Record
  /// Where the name stands.
  public let place: SourcePlace
  /// The line of the expression with a caret under the place.
  public let excerpt: String
}

extension Program {
  /// What is known of the result.
  ///
  /// - Parameter variables: What is known of a variable of this name.
  /// - Returns: the outline of the result.
  public func outline(given variables: (String) -> Outline) -> Outline {
    withoutActuallyEscaping(variables) { variables in
      var reader = OutlineReader(self, variables)
      return reader.outline(checked.syntax.root)
    }
  }

  /// The fields that the expression names and that cannot be there.
  ///
  /// - Parameters:
  ///   - variables: What is known of a variable of this name.
  ///   - target: What the result is to become; the keys of maps that the expression spells out must be fields of it.
  /// - Returns: the fields, in the order of their places.
  public func unknownFields(
    given variables: (String) -> Outline, for target: Outline = .open
  ) -> [UnknownField] {
    withoutActuallyEscaping(variables) { variables in
      var reader = OutlineReader(self, variables)
      _ = reader.outline(checked.syntax.root)
      reader.fit(checked.syntax.root, to: target)
      return reader.unknown.sorted { $0.place.offset < $1.place.offset }
    }
  }
}
