extension String {
  /// The texts, one behind the other, in storage that is made once and of the final size.
  ///
  /// An interpolation grows its storage as it goes, and each text that is appended is asked again what it is; this is
  /// for texts that are made at every decision.
  ///
  /// - Complexity: O(length).
  public init(
    joining first: String, _ second: String, _ third: String = "", _ fourth: String = "",
    _ fifth: String = ""
  ) {
    let length =
      first.utf8.count + second.utf8.count + third.utf8.count + fourth.utf8.count
      + fifth.utf8.count
    self = unsafe String(unsafeUninitializedCapacity: length) { buffer in
      var end = unsafe first.copy(to: buffer, at: 0)
      unsafe end = second.copy(to: buffer, at: end)
      unsafe end = third.copy(to: buffer, at: end)
      unsafe end = fourth.copy(to: buffer, at: end)
      return unsafe fifth.copy(to: buffer, at: end)
    }
  }

  /// Copies the text's bytes, and says where they end.
  func copy(to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) -> Int {
    let utf8 = utf8
    let isCopied: Void? = unsafe utf8.withContiguousStorageIfAvailable { bytes in
      guard let from = bytes.baseAddress, let to = buffer.baseAddress else { return }
      unsafe to.advanced(by: start).update(from: from, count: bytes.count)
    }
    // A text that came from Foundation on another platform may have no storage of its own.
    if isCopied == nil {
      for (place, byte) in utf8.enumerated() { unsafe buffer[start + place] = byte }
    }
    return start + utf8.count
  }
}
