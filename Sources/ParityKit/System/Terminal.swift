internal import Glibc
internal import SystemPackage

/// The output of a command.
public enum Terminal {
  /// Whether standard output is a terminal and the environment does not disable colour (NO_COLOR, TERM=dumb).
  public static var showsColour: Bool {
    System.isTerminal(1) && (System.environment("NO_COLOR") ?? "").isEmpty && System.environment("TERM") != "dumb"
  }

  /// Whether standard error is a terminal that can rewrite a line.
  static var showsProgress: Bool { System.isTerminal(2) && System.environment("TERM") != "dumb" }

  /// Writes a text to standard output. A closed pipe is not an error.
  public static func print(_ text: String) { put(text, 1) }

  /// Writes a text to standard error.
  public static func printError(_ text: String) { put(text, 2) }

  /// Replaces the last line of standard error, which must be a terminal that can rewrite it.
  static func rewriteLine(_ text: String = "") { printError("\r\u{1B}[K\(text)") }

  private static func put(_ text: String, _ descriptor: CInt) {
    System.withoutSIGPIPE {
      var rest = Array(text.utf8)[...]
      while !rest.isEmpty {
        guard let count = try? System.write(descriptor, rest) else { return }
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Whether a file exists and can be read.
  public static func canRead(_ path: String) -> Bool { System.contents(of: path, atMost: 1) != nil }

  /// Creates a folder and its parents unless they exist.
  public static func makeFolder(_ path: String) throws(InputError) {
    let parts = path.split(separator: "/")
    for count in parts.indices.map({ $0 + 1 }) {
      let part = (path.hasPrefix("/") ? "/" : "") + parts[..<count].joined(separator: "/")
      do throws(Errno) {
        try System.ensureFolder(part)
      } catch {
        throw InputError(file: part, line: nil, what: "can't be created: \(error)", allowed: [])
      }
    }
  }

  /// Reports a file that can't be written. A file that does not exist is created.
  public static func openToWrite(_ path: String) throws(InputError) {
    do throws(Errno) {
      try System.openToAppend(path)
    } catch {
      throw InputError(file: path, line: nil, what: "can't be written: \(error)", allowed: [])
    }
  }

  /// Creates or replaces a file; does nothing if the path is nil.
  public static func write(_ text: String, to path: String?) throws(InputError) {
    guard let path else { return }
    do throws(Errno) {
      try System.write(Array(text.utf8), to: path)
    } catch {
      throw InputError(file: path, line: nil, what: "can't be written: \(error)", allowed: [])
    }
  }
}
