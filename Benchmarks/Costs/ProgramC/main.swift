// costs-c: the measured functions are in C.
import CEngine
import CostsCallers
import CostsJobs
import Glibc

/// Calls the C functions from Swift.
enum CFunctions: Functions {
  static func add(_ one: Int64, _ other: Int64) -> Int64 { costs_add(one, other) }

  static func copy(_ name: Name) -> Name {
    var (c, copy) = (name.c, costs_name())
    costs_copy_name(&c, &copy)
    return Name(copy)
  }

  static func copy(_ text: String) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.utf8.count + 1) { copy in
      _ = costs_copy_text(text, copy.baseAddress!, copy.count)
      return String(cString: copy.baseAddress!)
    }
  }

  private final class Box {
    let event: (Int64) -> Void
    init(_ event: @escaping (Int64) -> Void) { self.event = event }
  }

  static func notify(_ event: @escaping (Int64) -> Void, _ value: Int64) {
    let box = Box(event)
    withExtendedLifetime(box) {
      costs_notify(
        { Unmanaged<Box>.fromOpaque($0).takeUnretainedValue().event($1) }, Unmanaged.passUnretained(box).toOpaque(),
        value)
    }
  }
}

exit(
  costs_main(CommandLine.argc, CommandLine.unsafeArgv) {
    Jobs<CEngine, CFunctions>.run(String(cString: $0), $1)
  })
