import Testing

/// The engines mirror each other: a porter finds a C function's Swift in the file of the same name and room, in the same
/// order.
struct MirrorTests {
  /// C functions without a counterpart in Swift, each with its reason. An exception that is no longer needed fails.
  static let exceptions = [
    "Core/Endpoint.setName": "an endpoint in Swift stores its name in an array",
    "Link/Link.destroy": "the deinit of each part releases it",
    "Link/Link.descriptor": "`Link.number` is a stored property",
    "Link/Pipe.release": "the deinit of each part releases it",
    "Link/Queue.release": "the deinit of each part releases it",
    "Socket/Attempts.close": "the deinit of the attempts closes their sockets",
    "Server/SessionTable.deinit": "Swift releases the arrays of the table",
    "Server/SessionTable.setAddress": "a session in Swift stores the address as `accept` returns it",
    "Server/Workers.closePipe": "the deinit of a pipe closes it",
    "Server/Workers.closeWorker": "the deinit of a worker closes its descriptors",
    "ipc_link_descriptor": "`Link.number` is a stored property",
  ]

  @Test("Every C file has its Swift file and its tests in the same room") func rooms() async throws {
    let c = try await rows("Sources/CIPC", ".c") { $0 }
    let headers = try await rows("Sources/CIPC", ".h") { $0 }
    let swift = try await rows("Sources/SwiftEngine", ".swift") { $0 }
    let tests = try await rows("Tests/EngineTests", "Tests.swift") { String($0.dropLast("Tests".count)) }
    #expect(c.count >= 30)
    for row in c {
      #expect(swift.contains(row), "\(row) is in CIPC, and not in SwiftEngine")
      #expect(tests.contains(row), "\(row) is in CIPC, and has no tests")
    }
    let alone = swift.subtracting(c).subtracting(headers).filter { !$0.hasPrefix("System/") }
    #expect(alone.isEmpty, "Swift files without a C file: \(alone.sorted())")
  }

  @Test("The Swift file has the functions of its C file in the same order") func order() async throws {
    let requirements = Self.requirements(of: try Repository.read("Sources/IPC/Engine.swift"))
    #expect(requirements.count > 50)
    var differences: Set<String> = []
    for path in try await Repository.files(under: "Sources/CIPC", ending: ".c") {
      let row = Self.row(of: path)
      let swift = "Sources/SwiftEngine/\(row).swift"
      let functions = Self.functions(of: try SourceText(path: path), stem: path.stem, requirements)
      let declared = Self.declarations(of: try SourceText(path: swift))
      for problem in Self.differences(functions, declared) { differences.insert("\(row).\(problem)") }
    }
    let known = Set(Self.exceptions.keys.filter { $0.contains(".") })
    for difference in differences.subtracting(known) {
      Issue.record("\(difference): not in the Swift file, or in another order")
    }
    for difference in known.subtracting(differences) { Issue.record("\(difference): no exception is needed any more") }
  }

  @Test("The protocol has one requirement for each function of the header, in its order") func header() throws {
    let functions = try Self.contract().filter { Self.exceptions[$0] == nil }
    let engine = try Repository.lines("Sources/IPC/Engine.swift")
    let documented = engine.filter { $0.contains("///") }.compactMap {
      $0.firstMatch(of: /(ipc_[a-z_]+)`/).map { String($0.1) }
    }
    #expect(functions.count > 50)
    #expect(documented == functions)
    #expect(engine.filter { $0.contains(" static func ") }.count == functions.count)
  }

  @Test("The checks find what they look for") func checks() {
    let c = SourceText(
      path: "a_b.c",
      text:
        "static int read_some(int a) {\n}\nint ipc_a_b_open(int a,\n  int b) {\n}\nint ipc_send(int a) {\n}\nint x(void);\n"
    )
    let functions = Self.functions(of: c, stem: "a_b", ["ipc_send": "send"])
    #expect(functions == ["readSome", "open", "send"])
    let swift = SourceText(path: "AB.swift", text: "func readSome() {}\nvar send: Int\ninit() {}\nfunc open() {}\n")
    let declared = Self.declarations(of: swift)
    #expect(declared == ["readSome", "send", "init", "open"])
    #expect(Self.differences(functions, declared) == ["send"])
    #expect(Self.differences(functions, ["readSome", "open", "send"]).isEmpty)
  }

  /// The rows below a folder, as room and file: `Socket/Stream`.
  private func rows(_ folder: String, _ suffix: String, _ name: (String) -> String) async throws -> Set<String> {
    let paths = try await Repository.files(under: folder, ending: suffix)
    return Set(paths.filter { $0.split(separator: "/").count == 4 }.map { name(Self.row(of: $0)) })
  }

  static func row(of path: String) -> String {
    let room = path.split(separator: "/")[2]
    let stem = path.stem
    let name = stem.contains("_") || stem.first!.isLowercase ? pascal(stem) : stem
    return pascal(String(room)) + "/" + name
  }

  private static func pascal(_ name: String) -> String {
    name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private static func camel(_ name: String) -> String {
    let pascal = pascal(name)
    return pascal.prefix(1).lowercased() + pascal.dropFirst()
  }

  /// The functions that the headers declare, in the order of `ipc.h`.
  static func contract() throws -> [String] {
    let declaration = /^(?:const )?[a-z_0-9]+ \*?(ipc_[a-z_]+)\(/
    let headers = try Repository.lines("include/ipc.h").compactMap {
      $0.firstMatch(of: /^#include "(ipc\/[a-z_]+\.h)"/).map { "include/\($0.1)" }
    }
    return try headers.flatMap(Repository.lines).compactMap { line in
      line.firstMatch(of: declaration).map { String($0.1) }
    }
  }

  /// The requirement for each C function that Engine.swift names.
  static func requirements(of engine: String) -> [String: String] {
    var requirements: [String: String] = [:]
    var function: String?
    for line in engine.split(separator: "\n") {
      if line.contains("///"), let match = line.firstMatch(of: /(ipc_[a-z_]+)`/) { function = String(match.1) }
      if let match = line.firstMatch(of: /static func ([A-Za-z]+)/), let name = function {
        requirements[name] = String(match.1)
        function = nil
      }
    }
    return requirements
  }

  /// The Swift names of a C file's functions, in order: the requirement of a public one; else the name without the
  /// prefix of the file.
  static func functions(of text: SourceText, stem: String, _ requirements: [String: String]) -> [String] {
    let definition =
      /(?m)^(?:static |inline |const |struct |enum |unsigned )*[a-z_0-9]+ \**([a-z_0-9]+)\((?:[^;{}()]|\([^()]*\))*\)\s*\{/
    return text.code.joined(separator: "\n").matches(of: definition).map { match in
      let name = String(match.1)
      if let requirement = requirements[name] { return requirement }
      if name == "ipc_\(stem)" { return camel(stem) }
      return camel(name.hasPrefix("ipc_\(stem)_") ? String(name.dropFirst(5 + stem.count)) : name)
    }
  }

  /// The declarations of a Swift file that can correspond to a function, in order.
  static func declarations(of text: SourceText) -> [String] {
    let declaration = /\b(?:func|var|let) `?([A-Za-z0-9]+)|\b(init)\b[?]?\(|\b(deinit)\b/
    return text.code.joined(separator: "\n").matches(of: declaration).map { String($0.1 ?? $0.2 ?? $0.3 ?? "") }
  }

  /// The functions that a file does not declare after those before them.
  static func differences(_ functions: [String], _ declared: [String]) -> [String] {
    var rest = declared[...]
    return functions.filter { name in
      guard let index = rest.firstIndex(of: name) else { return true }
      rest = declared[(index + 1)...]
      return false
    }
  }
}
