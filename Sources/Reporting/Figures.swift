import Scalars

/// Numbers as people read them.
enum Figures {
  static func count(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }

  static func time(_ elapsed: GoDuration) -> String {
    let hundredths = Int((elapsed.seconds * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }

  static func percent(_ share: Double) -> String {
    let thousandths = Int((share * 100_000).rounded(.down))
    if thousandths == 0 { return "0 %" }
    let rest = thousandths % 1_000
    var digits = String(rest)
    while digits.utf8.count < 3 { digits = "0" + digits }
    return "\(thousandths / 1_000).\(digits) %"
  }

  static func hex(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
