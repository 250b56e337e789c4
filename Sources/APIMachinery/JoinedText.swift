extension String {
  /// The texts, one behind the other, written once into storage of the final size.
  ///
  /// An interpolation grows its storage as it goes; this is for texts that are made at every decision.
  public init(
    joining first: String, _ second: String, _ third: String = "", _ fourth: String = ""
  ) {
    let count = first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count
    self = unsafe String(unsafeUninitializedCapacity: count) { target in
      var end = 0
      func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
          // SAFETY: the capacity is the sum of all lengths.
          guard let from = bytes.baseAddress, let to = target.baseAddress else { return }
          unsafe (to + end).initialize(from: from, count: bytes.count)
          end += bytes.count
        }
      }
      append(first)
      append(second)
      append(third)
      append(fourth)
      return end
    }
  }
}
