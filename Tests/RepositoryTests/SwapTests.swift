import Subprocess
import SystemPackage
import Testing

/// A program in C changes from the C engine to the Swift engine by its link line alone, as a whole or function by
/// function.
@Suite(.serialized) struct SwapTests {
  static let linkers = ["gold", "lld", "bfd"]

  /// The ways to link with an engine.
  enum Way: String, CaseIterable, Sendable {
    case c, swiftStatic, swiftShared

    /// The part of the link line that differs.
    var arguments: [String] {
      switch self {
      case .c: ["-l:libipc.a", "-lbsd"]
      case .swiftStatic: ["-Wl,--whole-archive", "-l:libipc-swift.a", "-Wl,--no-whole-archive"] + Self.runtime
      case .swiftShared: ["-lipc-swift"]
      }
    }

    static let runtime = ["-lipc-swift-runtime", "-lstdc++", "-lm"]
  }

  /// The folder of the libraries, which are made once.
  private static let libraries = Task {
    let products = try await Repository.products()
    let folder = products.appending("swap").string
    _ = try await Repository.output("sh", ["deploy/libraries.sh", products.string, folder])
    return folder
  }

  /// Runs a command that may fail. Returns whether it succeeded, and all that it printed.
  private func attempt(_ command: String, _ arguments: [String]) async throws -> (succeeds: Bool, output: String) {
    let libraries = try await Self.libraries.value
    let result = try await run(
      .name("env"), arguments: Arguments(["IPC_LIB=\(libraries)", command] + arguments),
      workingDirectory: Repository.root, output: .string(limit: 1 << 22), error: .string(limit: 1 << 22))
    return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
  }

  /// Compiles and links the program whose files start with `name`; returns its path, or nil, and the linker's output.
  private func tryToLink(
    _ name: String, _ arguments: [String], with linker: String
  ) async throws -> (program: String?, output: String) {
    let libraries = try await Self.libraries.value
    let program = "\(libraries)/\(name)"
    let sources = try await Repository.files(under: "Tests/RepositoryTests/Swap", ending: ".c").filter {
      $0.split(separator: "/").last!.hasPrefix(name)
    }
    let (succeeds, output) = try await attempt(
      "cc",
      StandaloneTests.strict + sources + ["-rdynamic", "-fuse-ld=\(linker)", "-o", program, "-L\(libraries)"]
        + ["-Wl,-rpath,\(libraries)"] + arguments)
    return (succeeds ? program : nil, output)
  }

  private func link(_ name: String, _ arguments: [String], with linker: String = "bfd") async throws -> String {
    let (program, output) = try await tryToLink(name, arguments, with: linker)
    return try #require(program, "\(output)")
  }

  private func swap(_ arguments: [String]) async throws -> (succeeds: Bool, output: String) {
    try await attempt("sh", ["deploy/ipc-swap.sh"] + arguments)
  }

  /// Runs the program that calls every function, in a folder of its own.
  private func calls(_ program: String) async throws -> String {
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    let output = try await Repository.output("timeout", ["60", program, folder])
    _ = try await Repository.output("rm", ["-r", folder])
    return output
  }

  private func symbols(_ arguments: [String]) async throws -> [String] {
    let names = try await Repository.output("nm", ["--defined-only", "--format=just-symbols"] + arguments)
    return names.split(separator: "\n").map(String.init).sorted()
  }

  @Test("The Swift libraries define each function of the contract once, and no other function of C")
  func everyFunctionIsDefined() async throws {
    let libraries = try await Self.libraries.value
    let contract = try MirrorTests.contract().sorted()
    #expect(contract.count > 50)
    let all = try await symbols(["--extern-only", "\(libraries)/libipc-swift.a"])
    #expect(all.filter { $0.hasPrefix("ipc_") } == contract)
    #expect(try await symbols(["-D", "\(libraries)/libipc-swift.so"]) == contract)
  }

  @Test("The program that calls every function prints the same with both engines") func sameResults() async throws {
    let c = try await calls(try await link("calls", Way.c.arguments))
    for function in try MirrorTests.contract() { #expect(c.contains("\(function): "), "\(function) is not called") }
    #expect(c.contains("allocations of sockets: 0\n") && c.contains("allocations of rings: 0\n"))
    for way in [Way.swiftStatic, .swiftShared] {
      let swift = try await calls(try await link("calls", way.arguments))
      let difference = zip(c.split(separator: "\n"), swift.split(separator: "\n")).first { $0 != $1 }
      #expect(swift == c, "\(way): \(difference.map { "\($0.0)\n\($0.1)" } ?? "one prints more")")
    }
  }

  @Test("The C program of the documentation runs with either engine", arguments: linkers, Way.allCases)
  func theDocumentedProgramRuns(linker: String, way: Way) async throws {
    let libraries = try await Self.libraries.value
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    let (source, program) = ("\(folder)/hello.c", "\(folder)/hello")
    _ = try await run(
      .name("tee"), arguments: [source], input: .string(try StandaloneTests.documentedProgram()), output: .discarded)
    _ = try await Repository.output(
      "cc",
      StandaloneTests.strict + [source, "-fuse-ld=\(linker)", "-o", program, "-L\(libraries)"]
        + ["-Wl,-rpath,\(libraries)"] + way.arguments)
    #expect(try await StandaloneTests.greeting(of: program, in: folder) == "Server Message")
    let own = try await symbols([program]).filter { $0.hasPrefix("ipc_") }
    switch way {
    case .c: #expect(own.contains("ipc_serve") && own.contains("ipc_loop_serve"))
    case .swiftStatic: #expect(own == (try MirrorTests.contract().sorted()))
    case .swiftShared: #expect(own == [])
    }
    let (isSwift, verdict) = try await swap(["check", program])
    #expect(isSwift == (way != .c))
    #expect(verdict.contains(isSwift ? "takes all functions from Swift\n" : "contains no Swift: "), "\(verdict)")
    _ = try await Repository.output("rm", ["-r", folder])
  }

  @Test(
    "The functions that call an observer are those of the engine in the link line", arguments: linkers, Way.allCases)
  func theEngineAnswers(linker: String, way: Way) async throws {
    let program = try await link("witness", way.arguments, with: linker)
    let callers = try await Repository.output(program, []).split(separator: "\n")
    let inLibrary = callers.filter { $0.contains("/libipc-swift.so ") }
    let inSwift = callers.filter { $0.contains("11SwiftEngine") }
    switch way {
    case .c:
      #expect(callers.contains { $0.hasSuffix(" ipc_observer_notify") })
      #expect(inLibrary.isEmpty && inSwift.isEmpty)
    case .swiftStatic: #expect(inLibrary.isEmpty && !inSwift.isEmpty)
    case .swiftShared: #expect(!inLibrary.isEmpty)
    }
  }

  @Test("If the C library comes first, the linker or ipc-swap reports it", arguments: linkers)
  func theWrongOrderIsReported(linker: String) async throws {
    let both = try await tryToLink("witness", Way.c.arguments + Way.swiftStatic.arguments, with: linker)
    #expect(both.program == nil)
    #expect(both.output.contains(/(multiple definition of|duplicate symbol:) [`']?ipc_/), "\(both.output)")
    for option in ["-Wl,--as-needed", "-Wl,--no-as-needed"] {
      let program = try await link("witness", [option] + Way.c.arguments + ["-lipc-swift"], with: linker)
      let (isSwift, verdict) = try await swap(["check", program])
      #expect(!isSwift && verdict.contains(/name (-l)?ipc-swift before (-l)?ipc\b/), "\(verdict)")
    }
    let later = try await link("witness", ["-lipc-swift"] + Way.c.arguments, with: linker)
    #expect(try await swap(["check", later]).succeeds)
  }
}

extension SwapTests {
  /// The functions to take from Swift: one that other C files call, one that only the program calls, those of a link,
  /// and all.
  static let selections: [(prefix: String, linker: String)] = [
    ("ipc_wait", "gold"), ("ipc_service_step", "lld"), ("ipc_link_", "bfd"), ("ipc_", "lld"),
  ]

  @Test("Single functions come from Swift, and the others from C", arguments: selections)
  func singleFunctionsAreSwapped(prefix: String, linker: String) async throws {
    let folder = try await Self.libraries.value
    let contract = try MirrorTests.contract().sorted()
    let chosen = contract.filter { $0.hasPrefix(prefix) }
    try #require(!chosen.isEmpty)
    let made = try await swap(["make", "\(folder)/libswapped.a"] + chosen)
    try #require(made.succeeds, "\(made.output)")
    let traces = contract.map { "-Wl,--trace-symbol=\($0)" }
    let linked = try await tryToLink("calls", traces + ["-l:libswapped.a", "-lbsd"] + Way.runtime, with: linker)
    let program = try #require(linked.program, "\(linked.output)")
    let lines = linked.output.split(separator: "\n")
    for function in contract {
      let origin = lines.filter { $0.hasSuffix(": definition of \(function)") }
      #expect(origin.count == 1, "\(function)")
      #expect(origin.first?.contains("(ipc-swift.o)") == chosen.contains(function), "\(function): \(origin)")
    }
    let swapped = try await calls(program)
    #expect(try await calls(try await link("calls", Way.c.arguments)) == swapped)
  }

  @Test("ipc-swap refuses a name that is no function of the contract, and a part of the functions of a link")
  func strangeSelectionsAreRefused() async throws {
    let unknown = try await swap(["make", "/dev/null", "ipc_wait", "ipc_clock_now"])
    #expect(!unknown.succeeds)
    #expect(unknown.output == "ipc-swap: not a function of the contract: ipc_clock_now\n")
    let part = try await swap(["make", "/dev/null", "ipc_link_wait"])
    #expect(!part.succeeds)
    #expect(part.output.contains("share its private state; also name: ipc_link_accept "))
    #expect(try await swap([]).output.hasPrefix("ipc-swap: usage: "))
  }
}
