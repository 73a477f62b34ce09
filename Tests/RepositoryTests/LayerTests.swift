import Testing

/// The arrows inside each engine: a file uses only files of lower layers, so that nothing runs in a circle.
struct LayerTests {
  /// The files that each file may use, by name in C; those that they use are included. Every file may use core.
  /// A link's files use `stream` of the sockets because its read, write, wait and close take any descriptor.
  static let layers: [String: Set<String>] = [
    "stream": [], "output": ["stream"], "socket_file": ["stream"], "socket": [],
    "server": ["socket_file", "socket"], "adopt": ["server"], "attempts": ["stream"],
    "client": ["attempts", "server"], "relay": ["client"],
    "futex": [], "ring": ["futex"], "ring_wait": ["ring"],
    "control": ["stream"], "session_shared": ["output"], "session": ["session_shared"], "session_table": ["session"],
    "session_lifecycle": ["session_table"],
    "admission": ["session_lifecycle", "adopt"], "loop": ["admission", "control"], "workers": ["loop"],
    "serve": ["workers"],
    "name_lock": ["stream"], "handshake": ["name_lock"], "link_transport": ["name_lock"],
    "pipe_fifos": ["handshake"], "queue_messages": ["name_lock"], "memory_object": ["handshake", "ring_wait"],
    "poll_thread": ["memory_object"],
    "pipe": ["pipe_fifos", "link_transport"], "queue": ["queue_messages", "link_transport"],
    "memory": ["poll_thread", "link_transport"],
    "link": ["pipe", "queue", "memory"], "link_session": ["link", "control", "output"], "link_server": ["link_session"],
    "link_relay": ["link"],
  ]

  /// The Swift files that extend a type of a higher layer: in C these files take `struct ipc_loop`, which loop.h declares.
  static let extensions = ["admission": "loop", "session_lifecycle": "loop"]

  /// Everything that a file may use, directly or through another one.
  static func reach(_ file: String) -> Set<String> { closure(of: file, in: layers) }

  /// Everything that can be reached from a start.
  static func closure(of start: String, in uses: [String: Set<String>]) -> Set<String> {
    var closure: Set<String> = []
    var open = Array(uses[start] ?? [])
    while let next = open.popLast() { if closure.insert(next).inserted { open += uses[next] ?? [] } }
    return closure
  }

  @Test("No C file calls a file of its own or a higher layer") func calls() async throws {
    let core = Set(try await Repository.files(under: "Sources/CIPC/core", ending: ".c").map(\.stem))
    #expect(core.count >= 6)
    for (file, used) in try await Self.uses() {
      let allowed = core.contains(file) ? core : Self.reach(file).union(core)
      #expect(core.contains(file) || Self.layers[file] != nil, "\(file).c has no layer")
      for other in used.subtracting(allowed) { Issue.record("\(file).c calls \(other).c") }
    }
  }

  @Test("No C files call each other in a circle") func circles() async throws {
    #expect(Self.circle(in: try await Self.uses()) == [])
  }

  /// The other C files whose functions each C file names.
  private static func uses() async throws -> [String: Set<String>] {
    let paths = try await Repository.files(under: "Sources/CIPC", ending: ".c")
    var owners: [String: String] = [:]
    for path in paths { for name in definitions(in: try SourceText(path: path)) { owners[name] = path.stem } }
    #expect(owners.count > 100)
    var uses: [String: Set<String>] = [:]
    for path in paths {
      let names = try SourceText(path: path).identifiers.compactMap { owners[String($0.name)] }
      uses[path.stem] = Set(names).subtracting([path.stem])
    }
    return uses
  }

  @Test("A C file includes only headers of rooms that it may use") func includes() async throws {
    let rooms: [String: Set<String>] = [
      "core": ["core"], "socket": ["core", "socket"], "ring": ["core", "ring"],
      "server": ["core", "socket", "server"], "link": ["core", "socket", "ring", "link", "server/control.h"],
    ]
    for path in try await Repository.files(under: "Sources/CIPC") {
      let room = String(path.split(separator: "/")[2])
      let allowed = try #require(rooms[room], "\(path): a room without arrows")
      for line in try Repository.lines(path) {
        guard let header = line.firstMatch(of: /^#include "(?:\.\.\/)?([a-z_\/]+\.h)"/)?.1, header != "ipc.h" else {
          continue
        }
        let target = header.contains("/") ? String(header.split(separator: "/")[0]) : room
        #expect(allowed.contains(target) || allowed.contains(String(header)), "\(path) includes \(header)")
      }
    }
  }

  @Test("Only the converter of results reads errno in the C engine") func errors() async throws {
    let converter = "Sources/CIPC/core/core.h"
    var readers: [String] = []
    for path in try await Repository.files(under: "Sources/CIPC").filter({ $0.contains(/\.[ch]$/) }) {
      readers += Self.errnoReaders(in: try SourceText(path: path))
    }
    #expect(readers == ["\(converter): ipc_result"])
  }

  @Test("No Swift file names a type of its own or a higher layer") func types() async throws {
    var owners: [String: String] = [:]
    var texts: [(file: String, text: SourceText)] = []
    for path in try await Repository.files(under: "Sources/SwiftEngine", ending: ".swift") {
      let text = try SourceText(path: path)
      texts.append((path, text))
      for name in Self.types(in: text) { owners[name] = path }
    }
    #expect(owners.count > 20)
    for (path, text) in texts {
      let used = Set(text.identifiers.compactMap { owners[String($0.name)] }).subtracting([path])
      for other in used where !Self.mayUse(path, other) { Issue.record("\(path) names a type of \(other)") }
    }
  }

  @Test("The checks find what they look for") func checks() {
    let errors = "#include <errno.h>\nint f(void) {\n  return -errno; // errno\n}\nint g(int errno_) {\n}\n"
    #expect(Self.errnoReaders(in: SourceText(path: "a.c", text: errors)) == ["a.c: f"])
    #expect(Self.reach("handshake") == ["name_lock", "stream"])
    #expect(Self.circle(in: ["a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]]) == ["a", "b", "c"])
    #expect(Self.circle(in: ["a": ["b"], "b": ["c"], "c": []]) == [])
    let c = SourceText(path: "a.c", text: "int ipc_a(int b) {\n}\nstatic int c(void) {\n}\nint ipc_d(void);\n")
    #expect(Self.definitions(in: c) == ["ipc_a"])
    let swift = SourceText(
      path: "A.swift", text: "final class A {\n  struct B {}\n}\nextension C {}\nprivate enum D {}\n")
    #expect(Self.types(in: swift) == ["A", "D"])
    #expect(Self.mayUse("Sources/SwiftEngine/Link/Queue.swift", "Sources/SwiftEngine/Link/NameLock.swift"))
    #expect(!Self.mayUse("Sources/SwiftEngine/Link/Queue.swift", "Sources/SwiftEngine/Link/Link.swift"))
    #expect(!Self.mayUse("Sources/SwiftEngine/Core/Text.swift", "Sources/SwiftEngine/Socket/Stream.swift"))
  }
}

extension LayerTests {
  /// The lines that name errno, each as its file and its function.
  static func errnoReaders(in text: SourceText) -> [String] {
    var function = ""
    return text.code.enumerated().flatMap { index, line -> [String] in
      if let name = line.firstMatch(of: /^[a-z].*?\b([a-z_0-9]+)\(/) { function = String(name.1) }
      let isInclude = line.hasPrefix("#include")
      return text.identifiers.filter { $0.line == index + 1 && $0.name == "errno" && !isInclude }
        .map { _ in "\(text.path): \(function)" }
    }
  }

  /// The functions with external linkage that a C file defines.
  static func definitions(in text: SourceText) -> Set<String> {
    let definition = /(?m)^(?!static )(?:[a-z_0-9]+ )+\**([a-z_0-9]+)\((?:[^;{}()]|\([^()]*\))*\)\s*\{/
    return Set(text.code.joined(separator: "\n").matches(of: definition).map { String($0.1) })
  }

  /// The types that a Swift file declares at top level, except extensions.
  static func types(in text: SourceText) -> Set<String> {
    let declaration = /^(?:[@a-z()]+ )*(?:struct|enum|class|protocol|actor|typealias) ([A-Za-z]+)/
    return Set(text.code.compactMap { $0.firstMatch(of: declaration).map { String($0.1) } })
  }

  static func mayUse(_ path: String, _ other: String) -> Bool {
    let (room, otherRoom) = (path.split(separator: "/")[2], other.split(separator: "/")[2])
    if otherRoom == "System" || otherRoom == "SwiftEngine.swift" || otherRoom == "Core" {
      return room != "System" || otherRoom == "System" || otherRoom == "Core"
    }
    let (file, otherFile) = (snake(path.stem), snake(other.stem))
    return reach(file).contains(otherFile) || extensions[file] == otherFile
  }

  /// The C file's name for a Swift file's.
  static func snake(_ name: String) -> String { SourceText.words(of: name[...]).joined(separator: "_") }

  /// The files of one circle, sorted, or none.
  static func circle(in uses: [String: Set<String>]) -> [String] {
    let reaches = uses.keys.map { ($0, closure(of: $0, in: uses)) }
    guard let start = reaches.filter({ $0.1.contains($0.0) }).map(\.0).min() else { return [] }
    let ahead = closure(of: start, in: uses)
    return reaches.filter { ahead.contains($0.0) && $0.1.contains(start) }.map(\.0).sorted()
  }
}
