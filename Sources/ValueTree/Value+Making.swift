extension Value {
  /// Null.
  public static let null = Value(words: [Header.make(Tag.null)])

  /// An empty map.
  public static let emptyMap = Value(words: [Header.make(Tag.map)])

  /// An empty list.
  public static let emptyList = Value(words: [Header.make(Tag.list)])

  /// A boolean.
  public init(_ bool: Bool) { self.init(words: [Header.make(bool ? Tag.true : Tag.false)]) }

  /// An integer.
  public init(_ int: Int64) {
    if let small = Int32(exactly: int) {
      self.init(
        words: [Header.make(Tag.smallInt, length: Int(UInt32(bitPattern: small)))])
    } else {
      self.init(words: [Header.make(Tag.int, length: 1), UInt64(bitPattern: int)])
    }
  }

  /// An integer.
  public init(_ int: Int) { self.init(Int64(int)) }

  /// A finite double; one that prints as an integer in range becomes that integer.
  public init(_ double: Double) {
    precondition(double.isFinite, "a value holds no infinity and no NaN")
    if let whole = Int64(printed: double) {
      self.init(whole)
    } else {
      self.init(words: [Header.make(Tag.double, length: 1), double.bitPattern])
    }
  }

  /// A string.
  public init(_ string: String) {
    let count = string.utf8.count
    let words = WordRun.make(count: 1 + packedWords(count)) { run in
      run.append(Header.make(Tag.string, length: count))
      run.appendText(string)
    }
    self.init(words: words)
  }

  /// A list of these elements.
  ///
  /// The same as for any sequence, compiled for arrays.
  public init(_ elements: [Value]) { self.init(listing: elements) }

  /// A list of these elements.
  public init(_ elements: some Sequence<Value>) { self.init(listing: elements) }

  private init(listing elements: some Sequence<Value>) {
    var builder = ValueBuilder()
    builder.beginList()
    for element in elements { builder.value(element) }
    do { try builder.end() } catch { preconditionFailure("a list has no keys") }
    self = builder.finish()
  }

  /// A map of these members.
  ///
  /// - Precondition: no key stands twice.
  public init(members: some Sequence<(Key, Value)>) { self.init(listing: members) }

  /// A map of these members.
  ///
  /// The same as for any sequence, compiled for arrays.
  ///
  /// - Precondition: no key stands twice.
  public init(members: [(Key, Value)]) { self.init(listing: members) }

  private init(listing members: some Sequence<(Key, Value)>) {
    var builder = ValueBuilder()
    builder.beginMap()
    for (key, value) in members {
      builder.key(key)
      builder.value(value)
    }
    do { try builder.end() } catch { preconditionFailure("\(error)") }
    self = builder.finish()
  }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self.init(value) }
  public init(integerLiteral value: Int64) { self.init(value) }
  public init(floatLiteral value: Double) { self.init(value) }
  public init(stringLiteral value: String) { self.init(value) }
  public init(arrayLiteral elements: Value...) { self.init(elements) }
  public init(dictionaryLiteral elements: (Key, Value)...) { self.init(members: elements) }
}
