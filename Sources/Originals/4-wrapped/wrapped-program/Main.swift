import Glibc
import Program
import Wrapped

@main struct Main {
  static func main() { exit(Program.run(Wrapped.self)) }
}
