enum RepositoryFiles {
  /// The path of a file of this repository; `name` is relative to the top level.
  static func path(_ name: String, from thisFile: String = #filePath) -> String {
    thisFile.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/") + "/\(name)"
  }
}

extension Command {
  /// A program in another language, from the folder Scripts.
  static func script(_ name: String, _ arguments: [[UInt8]]) -> Command {
    let interpreter = name.hasSuffix(".py") ? "python3" : "sh"
    return Command(
      path: interpreter, [Array(RepositoryFiles.path("Tests/ProgramTests/Scripts/\(name)").utf8)] + arguments)
  }

  static func script(_ name: String, _ arguments: String...) -> Command {
    script(name, arguments.map { Array($0.utf8) })
  }
}
