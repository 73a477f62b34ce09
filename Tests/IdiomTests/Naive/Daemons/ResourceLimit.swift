import Glibc

func allowDescriptors(_ wanted: rlim_t = RLIM_INFINITY) -> Int {
  var limit = rlimit()
  if getrlimit(RLIMIT_NOFILE, &limit) < 0 { return Int(-errno) }
  limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max
  if setrlimit(RLIMIT_NOFILE, &limit) < 0 { return Int(-errno) }
  return limit.rlim_cur
}
