internal import Glibc
internal import SystemPackage

/// Where a command prints.
public enum Terminal {
  /// Standard output is a terminal, and nobody has asked for no colour.
  public static var showsColour: Bool {
    Kernel.isTerminal(1) && (Kernel.environment("NO_COLOR") ?? "").isEmpty && Kernel.environment("TERM") != "dumb"
  }

  /// Standard error is a terminal that can go back in a line.
  static var showsProgress: Bool { Kernel.isTerminal(2) && Kernel.environment("TERM") != "dumb" }

  /// All of it to standard output; a reader that has gone is no error.
  public static func print(_ text: String) { put(text, 1) }

  /// All of it to standard error.
  public static func complain(_ text: String) { put(text, 2) }

  private static func put(_ text: String, _ descriptor: CInt) {
    Kernel.withoutSIGPIPE {
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        guard let count = try? Kernel.write(descriptor, rest) else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Whether a file is there and can be read.
  public static func canRead(_ path: String) -> Bool { Kernel.contents(of: path, atMost: 1) != nil }

  /// Makes a folder, and those above it, unless it is there.
  public static func makeFolder(_ path: String) throws(ScenarioError) {
    let parts = path.split(separator: "/")
    for count in parts.indices.map({ $0 + 1 }) {
      let part = (path.hasPrefix("/") ? "/" : "") + parts[..<count].joined(separator: "/")
      do throws(Errno) {
        try Kernel.ensureFolder(part)
      } catch {
        throw ScenarioError(file: part, line: nil, what: "can't be made: \(error)", allowed: [])
      }
    }
  }

  /// Makes or replaces a file; with no name, does nothing.
  public static func write(_ text: String, to path: String?) throws(ScenarioError) {
    guard let path else { return }
    do throws(Errno) {
      try Kernel.write(Array(text.utf8), to: path)
    } catch {
      throw ScenarioError(file: path, line: nil, what: "can't be written: \(error)", allowed: [])
    }
  }
}
