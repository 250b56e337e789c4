import APIServerHTTP

/// What a request, or an event on a watch, is called in plans: by what it is about, and how many like it came before.
///
/// Programs outside are not deterministic, so a request has no number of its own; but the second patch of the status of
/// one object is that in each run.
public struct RequestName: Sendable, Hashable, CustomStringConvertible {
  /// Which instance of the controller asks: 0, or 1 for one that is started beside it.
  public let instance: Int
  /// `create`, `patch`, `ensure`, …; `sees` for an event.
  public let verb: String
  /// The resource with its part: `portclaims.example.org/status`, `pool/ports`.
  public let resource: String
  /// The object with its namespace; empty for a collection.
  public let object: String
  /// How many of the same came before it, and one more.
  public let occurrence: Int

  /// The family of a request; `namespace` is what plans call `default`.
  init(_ request: DoorRequest, in namespace: String) {
    instance = request.client
    verb = request.verb
    resource =
      request.subresource.isEmpty ? request.resource : "\(request.resource)/\(request.subresource)"
    object = Self.path(request.namespace, request.name, in: namespace)
    occurrence = 0
  }

  /// The family of an event.
  init(_ event: DoorEvent, in namespace: String) {
    instance = event.client
    verb = "sees"
    resource = "\(event.resource)/\(event.type.lowercased())"
    object = Self.path(event.namespace, event.name, in: namespace)
    occurrence = 0
  }

  /// Reads what `description` prints; nil for anything else.
  public init?(_ text: String) {
    var words = text.split(separator: " ").map(String.init)
    instance = words.first == "second:" ? 1 : 0
    if instance == 1 { words.removeFirst() }
    guard (3...4).contains(words.count), let number = words.last, number.hasPrefix("#"),
      let occurrence = Int(number.dropFirst()), occurrence >= 1
    else { return nil }
    verb = words[0]
    resource = words[1]
    object = words.count == 4 ? words[2] : ""
    self.occurrence = occurrence
  }

  private static func path(
    _ namespace: String, _ name: String, in origin: String
  ) -> String {
    // Holders of pools are told as people read them, and a name has no blanks.
    let name = name.split(separator: " ").last.map(String.init) ?? ""
    let path = namespace.isEmpty ? name : name.isEmpty ? namespace : "\(namespace)/\(name)"
    guard path == origin || path.hasPrefix("\(origin)/") else { return path }
    return NamespaceMove.origin + path.dropFirst(origin.count)
  }

  private init(_ other: RequestName, occurrence: Int) {
    instance = other.instance
    verb = other.verb
    resource = other.resource
    object = other.object
    self.occurrence = occurrence
  }

  func with(occurrence: Int) -> RequestName { RequestName(self, occurrence: occurrence) }

  public var description: String {
    let who = instance == 0 ? "" : "second: "
    let about = object.isEmpty ? "" : " \(object)"
    return "\(who)\(verb) \(resource)\(about) #\(occurrence)"
  }
}
