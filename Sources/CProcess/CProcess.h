/* What `import Glibc` omits of processes: declarations, and wrappers of what is variadic; no logic. */
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>

/* <unistd.h> */
int pipe2(int *_Nonnull ends, int flags);

/* <sys/pidfd.h> */
int pidfd_open(pid_t process, unsigned flags);

/* prctl(2): orphans among the descendants become children of this process. */
static inline int adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L); }

/* <spawn.h> */
#include <spawn.h>
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *_Nonnull actions, const char *_Nonnull path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *_Nonnull actions, int from);
#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80
#endif
