extension String {
  /// The texts, one behind the other, in storage that is made once and of the final size.
  ///
  /// An interpolation grows its storage as it goes; this is for texts that are made at every decision.
  public init(
    joining first: String, _ second: String, _ third: String = "", _ fourth: String = "",
    _ fifth: String = ""
  ) {
    self = first
    // What is short needs no storage, and nothing is checked that was text before.
    reserveCapacity(
      first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count
        + fifth.utf8.count)
    append(second)
    if !third.isEmpty { append(third) }
    if !fourth.isEmpty { append(fourth) }
    if !fifth.isEmpty { append(fifth) }
  }
}
