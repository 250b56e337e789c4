/// What was measured of one benchmark at one size.
struct Row {
  struct Time {
    /// Nanoseconds per operation in the best batch.
    var best: Double
    /// Nanoseconds per operation in the median batch.
    var median: Double
    var iterations: Int
  }

  struct Space {
    /// Allocated bytes per thing.
    var allocated: Double?
    /// Resident bytes per thing.
    var resident: Double?
  }

  let name: String
  let size: Int
  let target: Target?
  var time: Time?
  var megabytesPerSecond: Double?
  var memory: Space?
  var ratio: Double?

  /// Whether the target is met; nil where there is none or nothing could be measured.
  var isMet: Bool? {
    switch target {
    case nil: nil
    case .nanoseconds(let limit): time.map { $0.best <= limit }
    case .megabytesPerSecond(let floor): megabytesPerSecond.map { $0 >= floor }
    case .operationsPerSecond(let floor): time.map { 1e9 / $0.best >= floor }
    case .bytes(let limit): (memory?.allocated ?? memory?.resident).map { $0 <= limit }
    case .ratio(let limit): ratio.map { $0 <= limit }
    }
  }

  /// The target in words.
  var targetText: String {
    switch target {
    case nil: ""
    case .nanoseconds(let limit): "<= \(figure(limit)) ns"
    case .megabytesPerSecond(let floor): ">= \(figure(floor)) MB/s"
    case .operationsPerSecond(let floor): ">= \(figure(floor)) /s"
    case .bytes(let limit): "<= \(figure(limit)) B"
    case .ratio(let limit): "<= \(figure(limit)) x"
    }
  }

  /// The row as one line of JSON.
  var json: String {
    var members = ["\"name\":\"\(name)\"", "\"size\":\(size)"]
    func add(_ key: String, _ value: Double?) {
      if let value { members.append("\"\(key)\":\(value)") }
    }
    add("best_ns", time?.best)
    add("median_ns", time?.median)
    if let time { members.append("\"iterations\":\(time.iterations)") }
    add("mb_per_s", megabytesPerSecond)
    add("allocated_bytes", memory?.allocated)
    add("resident_bytes", memory?.resident)
    add("ratio", ratio)
    if let isMet { members.append("\"target\":\"\(targetText)\",\"met\":\(isMet)") }
    return "{\(members.joined(separator: ","))}"
  }
}

/// A number as a person reads it: grouped digits, three significant ones where it is small.
func figure(_ number: Double) -> String {
  if number.magnitude < 9.95 {
    let hundredths = Int((number * 100).rounded())
    let rest = (hundredths.magnitude % 100).description
    return "\(hundredths / 100).\(rest.count == 1 ? "0" + rest : rest)"
  }
  if number.magnitude < 99.95 {
    let tenths = Int((number * 10).rounded())
    return "\(tenths / 10).\(tenths.magnitude % 10)"
  }
  var digits = Int(number.rounded()).description
  var grouped = ""
  while digits.count > 3 {
    grouped = "," + digits.suffix(3) + grouped
    digits.removeLast(3)
  }
  return digits + grouped
}
