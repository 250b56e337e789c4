extension String {
  /// The texts, one behind the other, in storage of the final size.
  ///
  /// An interpolation grows its storage as it goes; this is for texts that are made at every decision.
  public init(
    joining first: String, _ second: String, _ third: String = "", _ fourth: String = ""
  ) {
    self = first
    reserveCapacity(
      first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count)
    append(second)
    if !third.isEmpty { append(third) }
    if !fourth.isEmpty { append(fourth) }
  }
}
