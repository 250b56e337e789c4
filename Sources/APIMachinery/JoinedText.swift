extension String {
  /// The texts, one behind the other, written once into storage of the final size.
  ///
  /// An interpolation grows its storage as it goes; this is for texts that are made at every decision.
  public init(
    joining first: String, _ second: String, _ third: String = "", _ fourth: String = "",
    _ fifth: String = ""
  ) {
    let count =
      first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count
      + fifth.utf8.count
    unsafe self.init(unsafeUninitializedCapacity: count) { target in
      var end = 0
      func append(_ text: String) {
        let bytes = unsafe text.utf8Span.span.bytes
        if bytes.isEmpty { return }
        unsafe bytes.withUnsafeBytes { source in
          unsafe UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(target)[end...]
          )
          .copyMemory(from: source)
        }
        end += bytes.byteCount
      }
      append(first)
      append(second)
      append(third)
      append(fourth)
      append(fifth)
      return end
    }
  }
}
