#define _GNU_SOURCE

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <unistd.h>

/// Gives up root for a user, for ever. Returns 0, or a negative errno:
/// -ENOENT if there is no such user, -EINVAL if the user is root, -EPERM if
/// this process is another user. A process that is this user already keeps
/// its groups. After an error the process must end.
int drop_privileges(const char *name) {
  errno = 0;
  const struct passwd *user = getpwnam(name);
  if (user == NULL)
    return errno != 0 ? -errno : -ENOENT;
  uid_t uid = user->pw_uid;
  gid_t gid = user->pw_gid;
  if (uid == 0)
    return -EINVAL;
  bool is_same = getuid() == uid && geteuid() == uid && getgid() == gid &&
                 getegid() == gid;
  // The groups first: without root they can't be changed.
  if (!is_same &&
      (initgroups(name, gid) < 0 || setgid(gid) < 0 || setuid(uid) < 0))
    return -errno;
  // If root can come back, it was not given up.
  if (setuid(0) == 0 || getuid() != uid || geteuid() != uid || getgid() != gid)
    return -EPERM;
  return 0;
}
