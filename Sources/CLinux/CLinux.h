/* What `import Glibc` omits: declarations only, no logic. _GNU_SOURCE would give them too, but also another fd_set than
 * Glibc's module has, and then no file can import both. */
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

/* <sys/socket.h> */
int accept4(int listener, struct sockaddr *_Nullable peer, socklen_t *_Nullable length, int flags);

/* <unistd.h> */
int pipe2(int *_Nonnull ends, int flags);

/* <string.h> */
const char *_Nullable strerrordesc_np(int error);

/* <fcntl.h> */
#ifdef __aarch64__
#define O_DIRECT 0200000
#else
#define O_DIRECT 040000
#endif
#define SPLICE_F_NONBLOCK 2
ssize_t splice(int from, loff_t *_Nullable from_offset, int to, loff_t *_Nullable to_offset, size_t length,
               unsigned flags);
