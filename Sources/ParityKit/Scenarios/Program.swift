internal import Formats
internal import SystemPackage

/// A program to judge: a command line, and variables to add to the environment.
///
/// A run replaces `{port}`, `{host}`, `{socket}` and `{dir}`; for a proxy also `{upstream}` and `{upstream-port}`. Words are split as by a shell, with quotes and
/// backslashes; no other feature of a shell is supported.
public struct Program: Hashable, Sendable, CustomStringConvertible {
  public let words: [String]
  public var environment: [String: String]
  /// Files that each run gets in its folder.
  public var files: [SuppliedFile] = []
  /// Known after a first start.
  var resting: RestingState?

  /// Why a command line is invalid.
  public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(description: String) { self.description = description }
  }

  /// Splits a command line.
  public init(_ command: String, environment: [String: String] = [:]) throws(Malformed) {
    do {
      words = try ShellWords.split(command)
    } catch {
      throw Malformed(description: error.description)
    }
    if words.isEmpty { throw Malformed(description: "the command is empty") }
    self.environment = environment
  }

  public init(words: [String], environment: [String: String] = [:]) {
    (self.words, self.environment) = (words, environment)
  }

  /// A command line that splits into the same words.
  public var description: String { commandLine(words) }

  /// How the program listens or connects: over a Unix socket if the command line and the files contain only
  /// `{socket}`.
  enum Transport { case tcp, unix, none }

  var transport: Transport {
    func names(_ placeholder: String) -> Bool {
      words.contains { $0.contains(placeholder) } || files.contains { $0.names.contains(placeholder) }
    }
    if names("{port}") { return .tcp }
    return names("{socket}") ? .unix : .none
  }

  /// Why a program was not located: a file may exist that is not executable.
  static func reasonNotLocated(_ name: String) -> Errno {
    let path = name.hasPrefix("/") ? name : "\(System.workingFolder)/\(name)"
    return name.contains("/") && System.kind(of: path) != nil ? .permissionDenied : .noSuchFileOrDirectory
  }

  /// The path of a program: relative to the current folder if it contains a slash, otherwise found along PATH; nil if
  /// there is none.
  static func locate(_ name: String, from folder: String = System.workingFolder) -> String? {
    if name.contains("/") {
      let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
      return System.isExecutable(path) ? path : nil
    }
    let folders = (System.environment("PATH") ?? "/usr/bin:/bin").split(separator: ":").map(String.init)
    return folders.map { $0.hasPrefix("/") ? "\($0)/\(name)" : "\(folder)/\($0)/\(name)" }
      .first(where: System.isExecutable)
  }
}

/// A command line that a shell splits into the same words. Braces are not quoted: a shell expands only those with a
/// comma.
func commandLine(_ words: [String]) -> String {
  words.map { word in
    let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_./:=,@%+{}".contains($0) }
    let mayExpand = word.contains("{") && (word.contains(",") || word.contains(".."))
    if isPlain, !mayExpand, !word.isEmpty { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }.joined(separator: " ")
}

extension Program {
  /// Why the program can't be used in this role; nil if it can.
  public func problem(as role: Role) -> String? {
    if role == .proxy, !words.contains(where: { $0.contains("{upstream}") || $0.contains("{upstream-port}") }) {
      return "the command does not say where its upstream is; allowed: {upstream}, {upstream-port}"
    }
    if role == .filter || transport != .none { return nil }
    return "the command does not say where it \(role == .client ? "connects" : "listens"); allowed: {port}, {socket}"
  }
}
