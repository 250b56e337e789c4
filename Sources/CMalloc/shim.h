#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Lets all threads share one heap that grows by larger steps; to be called before the first thread is made.
///
/// A heap that belongs to a thread grows by a page at a time, a system call each, and a server's one busy thread
/// would ask for one with every second request. Large answers are taken from the heap too, whose pages are there.
static inline void drydock_prepare_heap(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
#endif
}
