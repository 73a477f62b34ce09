#define _GNU_SOURCE

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

/// Gives up root for a user, for ever. Returns 0, or a negative errno:
/// -ENOENT if there is no such user. After an error the process must end.
int drop_privileges(const char *name) {
  errno = 0;
  const struct passwd *user = getpwnam(name);
  if (user == NULL)
    return errno != 0 ? -errno : -ENOENT;
  uid_t uid = user->pw_uid;
  gid_t gid = user->pw_gid;
  if (uid == 0)
    return -EINVAL;
  // The groups first: without root they could not be changed.
  if (initgroups(name, gid) < 0 || setgid(gid) < 0 || setuid(uid) < 0)
    return -errno;
  // If root can come back, it was not given up.
  if (setuid(0) == 0 || getuid() != uid || geteuid() != uid || getgid() != gid)
    return -EPERM;
  return 0;
}
