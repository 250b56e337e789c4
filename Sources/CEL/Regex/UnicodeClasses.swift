/// The classes that a pattern can name: `\d`, `[:alpha:]`, `\p{Lu}`, `\p{Greek}`.
enum UnicodeClasses {
  static func bit(_ category: Unicode.GeneralCategory) -> UInt32 {
    switch category {
    case .uppercaseLetter: 0
    case .lowercaseLetter: 1
    case .titlecaseLetter: 2
    case .modifierLetter: 3
    case .otherLetter: 4
    case .nonspacingMark: 5
    case .spacingMark: 6
    case .enclosingMark: 7
    case .decimalNumber: 8
    case .letterNumber: 9
    case .otherNumber: 10
    case .connectorPunctuation: 11
    case .dashPunctuation: 12
    case .openPunctuation: 13
    case .closePunctuation: 14
    case .initialPunctuation: 15
    case .finalPunctuation: 16
    case .otherPunctuation: 17
    case .mathSymbol: 18
    case .currencySymbol: 19
    case .modifierSymbol: 20
    case .otherSymbol: 21
    case .spaceSeparator: 22
    case .lineSeparator: 23
    case .paragraphSeparator: 24
    case .control: 25
    case .format: 26
    case .surrogate: 27
    case .privateUse: 28
    case .unassigned: 29
    @unknown default: 29
    }
  }

  private static let names: [(name: String, bits: ClosedRange<UInt32>)] = [
    ("L", 0...4), ("Lu", 0...0), ("Ll", 1...1), ("Lt", 2...2), ("Lm", 3...3), ("Lo", 4...4),
    ("M", 5...7), ("Mn", 5...5), ("Mc", 6...6), ("Me", 7...7), ("N", 8...10), ("Nd", 8...8),
    ("Nl", 9...9), ("No", 10...10), ("P", 11...17), ("Pc", 11...11), ("Pd", 12...12),
    ("Ps", 13...13), ("Pe", 14...14), ("Pi", 15...15), ("Pf", 16...16), ("Po", 17...17),
    ("S", 18...21), ("Sm", 18...18), ("Sc", 19...19), ("Sk", 20...20), ("So", 21...21),
    ("Z", 22...24), ("Zs", 22...22), ("Zl", 23...23), ("Zp", 24...24), ("C", 25...28),
    ("Cc", 25...25), ("Cf", 26...26), ("Cs", 27...27), ("Co", 28...28),
  ]

  /// The class with a Unicode name, or nil where there is none.
  static func named(_ name: String) -> CharacterClass? {
    var result = CharacterClass()
    if name == "Any" {
      result.add(0...0x10FFFF)
      return result
    }
    if let category = names.first(where: { $0.name == name }) {
      var mask: UInt32 = 0
      for bit in category.bits { mask |= 1 << bit }
      result.add(categories: mask)
      return result
    }
    guard let ranges = UnicodeScripts.ranges(name) else { return nil }
    for range in ranges { result.add(range) }
    return result
  }

  static func perl(_ letter: UInt32) -> CharacterClass? {
    var result = CharacterClass()
    switch Unicode.Scalar(letter | 0x20) {
    case "d": result.add(0x30...0x39)
    case "s":
      result.add(0x09...0x0A)
      result.add(0x0C...0x0D)
      result.add(0x20...0x20)
    case "w":
      result.add(0x30...0x39)
      result.add(0x41...0x5A)
      result.add(0x5F...0x5F)
      result.add(0x61...0x7A)
    default: return nil
    }
    result.isNegated = letter & 0x20 == 0
    return result
  }

  static func posix(_ name: String) -> CharacterClass? {
    let ranges: [ClosedRange<UInt32>]
    switch name {
    case "alnum": ranges = [0x30...0x39, 0x41...0x5A, 0x61...0x7A]
    case "alpha": ranges = [0x41...0x5A, 0x61...0x7A]
    case "ascii": ranges = [0...0x7F]
    case "blank": ranges = [0x09...0x09, 0x20...0x20]
    case "cntrl": ranges = [0...0x1F, 0x7F...0x7F]
    case "digit": ranges = [0x30...0x39]
    case "graph": ranges = [0x21...0x7E]
    case "lower": ranges = [0x61...0x7A]
    case "print": ranges = [0x20...0x7E]
    case "punct": ranges = [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
    case "space": ranges = [0x09...0x0D, 0x20...0x20]
    case "upper": ranges = [0x41...0x5A]
    case "word": ranges = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    case "xdigit": ranges = [0x30...0x39, 0x41...0x46, 0x61...0x66]
    default: return nil
    }
    var result = CharacterClass()
    for range in ranges { result.add(range) }
    return result
  }
}
