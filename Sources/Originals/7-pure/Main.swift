import Glibc
import Ported
import Program

@main struct Main {
  static func main() { exit(Program.run(Ported.self)) }
}
