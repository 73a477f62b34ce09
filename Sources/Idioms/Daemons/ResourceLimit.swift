import Glibc

/// Allows this process to open as many descriptors as wanted, or as many as
/// it may; `rlim_t.max` is no limit. Returns the new limit, or a negative
/// errno.
func allowDescriptors(_ wanted: rlim_t) -> Int {
  let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  var limit = rlimit()
  guard unsafe getrlimit(resource, &limit) == 0 else { return Int(-errno) }
  limit.rlim_cur = min(wanted, limit.rlim_max)
  guard unsafe setrlimit(resource, &limit) == 0 else { return Int(-errno) }
  return Int(bitPattern: limit.rlim_cur)
}
