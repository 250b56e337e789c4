extension SourceDiagnostic {
  /// The candidate that `word` is probably a slip of the pen for, or nil.
  ///
  /// Conservative: one edit for up to four letters, two for up to eight, three beyond; a swap of
  /// neighbours is one edit, and a difference in case alone always counts as a slip. Among equals
  /// the first in byte order wins.
  public static func suggestion(
    for word: String, among candidates: some Sequence<String>
  ) -> String? {
    let letters = Array(word.unicodeScalars)
    let folded = word.lowercased()
    let allowed = letters.count <= 2 ? 0 : letters.count <= 4 ? 1 : letters.count <= 8 ? 2 : 3
    var best: (distance: Int, text: String)?
    for candidate in candidates where candidate != word {
      var distance = 0
      if candidate.lowercased() != folded {
        let other = Array(candidate.unicodeScalars)
        guard abs(other.count - letters.count) <= allowed else { continue }
        distance = editDistance(letters, other)
        guard distance <= allowed, distance < Swift.max(letters.count, other.count) else {
          continue
        }
      }
      if let known = best, (known.distance, known.text) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.text
  }

  /// The edits between two words: insertions, deletions, replacements and swaps of neighbours.
  private static func editDistance(_ left: [UnicodeScalar], _ right: [UnicodeScalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in 0..<right.count {
        var cost = Swift.min(
          last[column + 1] + 1, current[column] + 1,
          last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = Swift.min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
