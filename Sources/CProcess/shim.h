#if defined(__linux__)
#include <sys/prctl.h>
#endif

// What Swift cannot call itself: functions with a variable number of arguments.

/// Makes this process the parent of all orphans among its descendants; 0 where that is done.
static inline int drydock_adopt_orphans(void) {
#if defined(__linux__)
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
#else
  return -1;
#endif
}
