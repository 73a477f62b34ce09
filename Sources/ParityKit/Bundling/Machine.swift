internal import Formats

/// The machine on which a bundle was made.
struct Machine: Hashable {
  let kernel: String
  let libc: String
  let distribution: String
  let processor: String
  let processors: Int

  /// This machine.
  init() {
    let name = System.text(of: "/proc/sys/kernel/ostype")?.split(separator: "\n").first ?? "unknown"
    let release = System.text(of: "/proc/sys/kernel/osrelease")?.split(separator: "\n").first ?? "unknown"
    kernel = "\(name) \(release)"
    libc = System.libc
    distribution =
      Self.value("PRETTY_NAME", "=", in: "/etc/os-release").map { String($0.filter { $0 != "\"" }) } ?? "unknown"
    processor = Self.value("model name", ":", in: "/proc/cpuinfo") ?? "unknown"
    processors = System.processors
  }

  private static func value(_ key: String, _ separator: Character, in file: String) -> String? {
    let line = System.text(of: file)?.split(separator: "\n").first { $0.hasPrefix(key) }
    return line?.split(separator: separator, maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
  }

  init(_ field: Report.Field) throws(InputError) {
    (kernel, libc) = (try field["kernel"].text, try field["libc"].text)
    (distribution, processor) = (try field["distribution"].text, try field["processor"].text)
    processors = try field["processors"].number
  }

  var json: JSON {
    .object([
      ("kernel", .text(kernel)), ("libc", .text(libc)), ("distribution", .text(distribution)),
      ("processor", .text(processor)), ("processors", .number(processors)),
    ])
  }

  /// What is otherwise on another machine, a line each.
  func changes(to other: Machine) -> [String] {
    let facts = [
      ("kernel", kernel, other.kernel), ("libc", libc, other.libc),
      ("distribution", distribution, other.distribution), ("processor", processor, other.processor),
      ("number of processors", String(processors), String(other.processors)),
    ]
    return facts.filter { $0.1 != $0.2 }.map { "another \($0.0) than then: \($0.1) then, \($0.2) now" }
  }
}
