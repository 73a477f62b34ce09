import Glibc

func nodeNameSet(_ machine: inout utsname, _ name: String) -> CInt {
  let length = strlen(name)
  if length >= machine.nodename.count { return -ENAMETOOLONG }
  memcpy(machine.nodename, name, length)
  machine.nodename[length] = 0
  return 0
}

func nodeNameGet(_ machine: utsname) -> String {
  return String(cString: machine.nodename)
}
