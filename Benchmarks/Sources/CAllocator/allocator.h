// The C library's own count of allocated bytes; the platform's Swift module leaves its header out.
#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif
