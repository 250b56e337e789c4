import CZlib
import NIOCore

/// Compression of long answers, for clients that take it.
enum Gzip {
  /// The size from which on compressing is worth the time, as in Kubernetes.
  static let bytesMin = 128 << 10

  /// A gzip stream of these bytes; nil where zlib refuses.
  static func compressed(_ buffer: ByteBuffer) -> ByteBuffer? {
    let count = UInt(buffer.readableBytes)
    let bound = drydock_gzip_bound(count)
    var output = ByteBufferAllocator().buffer(capacity: Int(bound))
    let made = unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: Int(bound)) {
      target in
      Int(
        unsafe buffer.withUnsafeReadableBytes { source in
          // SAFETY: both regions are valid for the sizes that are told.
          unsafe drydock_gzip(source.baseAddress, count, target.baseAddress, UInt(target.count))
        })
    }
    return made > 0 ? output : nil
  }
}
