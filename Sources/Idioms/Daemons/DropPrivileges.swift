import Glibc

/// Gives up root for a user, for ever. Returns 0, or a negative errno:
/// -ENOENT if there is no such user, -EINVAL if the user is root, -EPERM if
/// this process is another user. A process that is this user already keeps
/// its groups. After an error the process must end.
func dropPrivileges(to name: String) -> CInt {
  errno = 0
  // The entry is libc's, and valid until the next call of getpwnam(3).
  guard let user = unsafe getpwnam(name) else {
    let error = errno
    return error != 0 ? -error : -ENOENT
  }
  let uid = unsafe user.pointee.pw_uid
  let gid = unsafe user.pointee.pw_gid
  guard uid != 0 else { return -EINVAL }
  let isSame =
    getuid() == uid && geteuid() == uid && getgid() == gid && getegid() == gid
  // The groups first: without root they can't be changed.
  guard
    unsafe isSame
      || initgroups(name, gid) == 0 && setgid(gid) == 0
        && setuid(uid) == 0
  else { return -errno }
  // If root can come back, it was not given up.
  guard setuid(0) != 0, getuid() == uid, geteuid() == uid, getgid() == gid
  else { return -EPERM }
  return 0
}
