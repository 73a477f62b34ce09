internal import Glibc
internal import SystemPackage

/// Where a command prints.
public enum Terminal {
  /// Standard output is a terminal, and nobody has asked for no colour.
  public static var showsColour: Bool {
    System.isTerminal(1) && (System.environment("NO_COLOR") ?? "").isEmpty && System.environment("TERM") != "dumb"
  }

  /// Standard error is a terminal that can go back in a line.
  static var showsProgress: Bool { System.isTerminal(2) && System.environment("TERM") != "dumb" }

  /// All of it to standard output; a reader that has gone is no error.
  public static func print(_ text: String) { put(text, 1) }

  /// All of it to standard error.
  public static func complain(_ text: String) { put(text, 2) }

  private static func put(_ text: String, _ descriptor: CInt) {
    System.withoutSIGPIPE {
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        guard let count = try? System.write(descriptor, rest) else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Whether a file is there and can be read.
  public static func canRead(_ path: String) -> Bool { System.contents(of: path, atMost: 1) != nil }

  /// Makes a folder, and those above it, unless it is there.
  public static func makeFolder(_ path: String) throws(InputError) {
    let parts = path.split(separator: "/")
    for count in parts.indices.map({ $0 + 1 }) {
      let part = (path.hasPrefix("/") ? "/" : "") + parts[..<count].joined(separator: "/")
      do throws(Errno) {
        try System.ensureFolder(part)
      } catch {
        throw InputError(file: part, line: nil, what: "can't be made: \(error)", allowed: [])
      }
    }
  }

  /// Makes or replaces a file; with no name, does nothing.
  public static func write(_ text: String, to path: String?) throws(InputError) {
    guard let path else { return }
    do throws(Errno) {
      try System.write(Array(text.utf8), to: path)
    } catch {
      throw InputError(file: path, line: nil, what: "can't be written: \(error)", allowed: [])
    }
  }
}
