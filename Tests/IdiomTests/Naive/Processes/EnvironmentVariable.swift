import Glibc

func valueOf(_ name: String) -> String {
  String(cString: getenv(name))
}

func setVariable(_ name: String, _ value: String) -> CInt {
  setenv(name, value, 1) < 0 ? -errno : 0
}

func countVariables(_ prefix: String) -> Int {
  var count = 0
  var entry = environ
  while entry.pointee != nil {
    if strncmp(entry.pointee, prefix, strlen(prefix)) == 0 {
      count++
    }
    entry++
  }
  return count
}
