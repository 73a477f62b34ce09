import Glibc

typealias Command =
  @convention(c) (
    UnsafePointer<CChar>, UnsafeMutablePointer<CChar>, Int
  ) -> CInt

func ping(_ text: UnsafePointer<CChar>, _ reply: UnsafeMutablePointer<CChar>, _ size: Int) -> CInt {
  strcpy(reply, "pong")
  return 4
}

struct Entry {
  let name: UnsafePointer<CChar>
  let run: Command
}

let commands: [Entry] = [Entry(name: "ping", run: ping)]

func runCommand(_ line: UnsafePointer<CChar>, _ reply: UnsafeMutablePointer<CChar>, _ size: Int) -> CInt {
  for command in commands where strcmp(command.name, line) == 0 {
    return command.run("", reply, size)
  }
  return -ENOSYS
}
