import Glibc
import Ported
import Program
import Wrapped

@main struct Main {
  /// `ORIGINAL_ENGINE=c` runs the functions in C, so that both can be compared.
  static func main() {
    let usesC = unsafe getenv("ORIGINAL_ENGINE").map { unsafe strcmp($0, "c") == 0 } ?? false
    exit(usesC ? Program.run(Wrapped.self) : Program.run(Ported.self))
  }
}
