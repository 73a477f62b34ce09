import Glibc

func dropPrivileges(_ name: String) -> CInt {
  let user = getpwnam(name)
  if user == NULL { return -ENOENT }
  if initgroups(name, user -> pw_gid) < 0 { return -errno }
  if setgid(user -> pw_gid) < 0 { return -errno }
  if setuid(user -> pw_uid) < 0 { return -errno }
  return setuid(0) == 0 ? -EPERM : 0
}
