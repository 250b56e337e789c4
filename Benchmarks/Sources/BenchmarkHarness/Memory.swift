#if canImport(Glibc)
  import CAllocator
  import Glibc
#endif

/// How much memory this process uses at a moment.
struct Memory {
  /// Bytes in allocated blocks, with the allocator's own headers; nil where the allocator cannot tell.
  var allocated: Double?
  /// Bytes of resident pages; nil where the system cannot tell.
  var resident: Double?

  static var now: Memory {
    Memory(allocated: allocatedBytes(), resident: residentBytes())
  }

  private static func allocatedBytes() -> Double? {
    #if canImport(Glibc)
      let info = mallinfo2()
      return Double(info.uordblks + info.hblkhd)
    #else
      return nil
    #endif
  }

  private static func residentBytes() -> Double? {
    #if os(Linux) && canImport(Glibc)
      guard let file = unsafe fopen("/proc/self/statm", "r") else { return nil }
      defer { unsafe fclose(file) }
      var text = [CChar](repeating: 0, count: 128)
      guard unsafe fgets(&text, Int32(text.count), file) != nil else { return nil }
      let line = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
      return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    #else
      return nil
    #endif
  }
}
