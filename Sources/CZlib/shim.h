#include <string.h>
#include <zlib.h>

// What Swift cannot say itself: zlib's entry points are macros.

/// The most bytes that `drydock_gzip` makes of `count` bytes.
static inline unsigned long drydock_gzip_bound(unsigned long count) {
  return compressBound(count) + 32;
}

/// Compresses bytes to a gzip stream, quickly rather than well; the number of bytes made, or 0 where that failed.
static inline unsigned long drydock_gzip(
    const void *bytes, unsigned long count, void *output, unsigned long capacity) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  // 16 more than the largest window asks for gzip's own header and checksum.
  if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (unsigned char *)bytes;
  stream.avail_in = (unsigned int)count;
  stream.next_out = (unsigned char *)output;
  stream.avail_out = (unsigned int)capacity;
  int code = deflate(&stream, Z_FINISH);
  unsigned long made = stream.total_out;
  deflateEnd(&stream);
  return code == Z_STREAM_END ? made : 0;
}
