import Subprocess
import SystemPackage
import Testing

/// Everything that `make install` installs works without Swift and without the checkout. The test builds for release, so
/// only `make test-long` enables it.
@Suite(
  .enabled("DIPTYCH_INSTALL is not set") { try await Repository.output("sh", ["-c", "echo $DIPTYCH_INSTALL"]) != "\n" })
struct InstallTests {
  static let engines = ["c-server", "c-client", "swift-server", "swift-client"]
  static let programs = engines + ["parity", "porting-check"]
  /// Options in the completions; those of the engines are the others.
  private static let options = ["parity": ["left", "ready"], "porting-check": ["database", "site"]]
  static let commands = [
    "compare", "fuzz", "grid", "merge", "record", "replay", "scenarios", "schema", "self", "verify", "vote",
  ]

  @Test("The installed files work without Swift, and are removed") func installation() async throws {
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    // The build is kept beside the one of the tests, so that the next run takes seconds.
    let build = try await Repository.products().removingLastComponent().removingLastComponent().appending("install")
    let variables = ["PREFIX=/prefix", "DESTDIR=\(folder)", "INSTALL_BUILD=\(build)"]
    let before = try await Repository.files(under: ".")
    _ = try await Repository.output("make", ["install"] + variables)
    let prefix = "\(folder)/prefix"
    try await checkPrograms(prefix)
    try await checkConversations(prefix, folder)
    try await checkJudge(prefix)
    try await checkChecker(prefix)
    try await checkPages(prefix)
    try await checkCompletions(prefix)
    try await checkLibraries(prefix, folder)
    _ = try await Repository.output("make", ["uninstall"] + variables)
    #expect(try await Repository.output("find", [prefix, "-type", "f"]) == "", "left over")
    #expect(try await Repository.files(under: ".") == before, "the checkout is as it was")
    _ = try await Repository.output("rm", ["-r", folder])
  }

  private func checkPrograms(_ prefix: String) async throws {
    for program in Self.programs {
      let path = "\(prefix)/bin/\(program)"
      #expect(try await Repository.output(path, ["--version"]) == "\(program) 0.1.0\n")
      let libraries = try await Repository.output("ldd", [path]).split(separator: "\n").map { $0.drop { $0 == "\t" } }
      for library in libraries {
        let isSystem = ["linux-vdso.so", "/lib", "libbsd.so", "libc.so", "libm.so", "libmd.so"].contains {
          library.hasPrefix($0)
        }
        #expect(isSystem && !library.contains("not found"), "\(program) needs \(library)")
      }
      #expect(try await Repository.output("nm", [path]) == "", "\(program) is stripped")
    }
  }

  private func checkConversations(_ prefix: String, _ folder: String) async throws {
    for (server, client) in [("c", "swift"), ("swift", "c")] {
      let script = """
        mkfifo "$2"/said; "$1/\(server)-server" unix:"$2"/hello 2>"$2"/said & server=$!
        read -r line <"$2"/said; [ "$line" = "listening unix:$2/hello" ] || exit 1
        "$1/\(client)-client" unix:"$2"/hello </dev/null; wait $server; rm "$2"/said
        """
      let said = try await Repository.output("timeout", ["20", "sh", "-c", script, "-", "\(prefix)/bin", folder])
      #expect(said == "Server Message", "\(server)-server with \(client)-client")
    }
  }

  private func checkJudge(_ prefix: String) async throws {
    let ask = """
      PATH="$1/bin:$PATH" parity compare --left 'c-server {port}' --right 'swift-server {port}' --only SIG
      """
    let said = try await Repository.output("timeout", ["60", "sh", "-c", ask, "-", prefix])
    #expect(said.contains("\nsame: "), "\(said)")
  }

  /// The checker needs clang, and no other part of Swift.
  private func checkChecker(_ prefix: String) async throws {
    let file = Repository.root.appending("Sources/CIdioms/readiness/select_descriptors.c").string
    let report = try await Repository.output("\(prefix)/bin/porting-check", [file])
    #expect(report.contains("/SelectDescriptors.md\n"))
  }

  private func checkPages(_ prefix: String) async throws {
    for name in Self.programs + ["ipc-swap"] + Self.commands.map({ "parity-\($0)" }) {
      let page = try await run(
        .name("groff"), arguments: ["-man", "-ww", "-Tascii", "-P-cbou", "\(prefix)/share/man/man1/\(name).1"],
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
      #expect(page.standardError == "")
      let text = page.standardOutput
      #expect(text.contains(name.uppercased()) && text.contains("EXAMPLES"), "\(name)")
      #expect(!Self.engines.contains(name) || text.contains("--quiet"))
      #expect(name == "parity" || !text.contains("subcommand"), "\(name)")
      if name == "parity" { for command in Self.commands { #expect(text.contains("parity-\(command)(1)")) } }
    }
  }

  /// Loads the completions in bash. The files of the other shells are only searched for the options.
  private func checkCompletions(_ prefix: String) async throws {
    for program in Self.programs {
      let share = "\(prefix)/share"
      let bash = "\(share)/bash-completion/completions/\(program)"
      let ask = ". \"$1\"; complete -p \(program)"
      #expect(try await Repository.output("bash", ["-ec", ask, "-", bash]).hasSuffix(" \(program)\n"))
      for file in [
        bash, "\(share)/zsh/site-functions/_\(program)", "\(share)/fish/vendor_completions.d/\(program).fish",
      ] {
        for option in Self.options[program] ?? ["quiet", "log-level"] {
          let count = try await Repository.output("grep", ["-c", "-e", option, file])
          #expect(count != "0\n", "\(file)")
        }
      }
    }
  }

  /// Compiles the program of the documentation with the flags of pkg-config alone, outside the checkout.
  private func checkLibraries(_ prefix: String, _ folder: String) async throws {
    let source = "\(folder)/hello.c"
    _ = try await run(
      .name("tee"), arguments: [source], input: .string(try StandaloneTests.documentedProgram()), output: .discarded)
    for package in ["ipc", "ipc-swift", "ipc-swift-static"] {
      let build = """
        cd "$2"; export PKG_CONFIG_PATH="$1"/lib/pkgconfig LD_LIBRARY_PATH="$1"/lib
        cc hello.c $(pkg-config --cflags --libs "$3") -o hello
        mkfifo said; ./hello tcp:127.0.0.1:0 >said & server=$!
        read -r word where <said; "$1"/bin/c-client "$where" </dev/null; wait $server
        rm said; "$1"/bin/ipc-swap check hello 2>/dev/null || echo ' from C'
        """
      let said = try await Repository.output("timeout", ["60", "sh", "-ec", build, "-", prefix, folder, package])
      let engine = package == "ipc" ? " from C\n" : "hello takes all functions from Swift\n"
      #expect(said == "Server Message" + engine, "\(package)")
    }
    let needed = try await Repository.output("objdump", ["-p", "\(prefix)/lib/libipc-swift.so"])
    let libraries = needed.matches(of: /NEEDED +([^ \n]+)/).map { String($0.1) }
    #expect(Set(libraries).isSubset(of: ["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"]))
  }
}
