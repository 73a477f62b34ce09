/* What `import Glibc` omits: declarations only, no logic. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

/* <string.h> is Glibc's own module, where this is hidden. */
const char *_Nullable strerrordesc_np(int error);
