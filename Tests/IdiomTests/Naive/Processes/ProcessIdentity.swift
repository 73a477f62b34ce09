import Glibc

func threadIdentifier() -> pid_t {
  pid_t(syscall(SYS_gettid))
}

func threadIdentifierOfLibrary() -> pid_t {
  gettid()
}

func hostName() -> String {
  var name = [CChar](repeating: 0, count: HOST_NAME_MAX + 1)
  gethostname(&name, name.count)
  return String(cString: name)
}

func systemValue(_ name: Int) -> Int {
  sysconf(name)
}
