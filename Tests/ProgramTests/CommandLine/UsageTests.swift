import Testing

/// Wrong arguments, and the error message for them.
struct Misuse: CustomTestStringConvertible, Sendable {
  let arguments: [[UInt8]]
  /// The message after `Error: `.
  let complaint: String

  init(_ arguments: String..., complaint: String) {
    self.init(bytes: arguments.map { Array($0.utf8) }, complaint: complaint)
  }

  init(bytes: [[UInt8]], complaint: String) { (self.arguments, self.complaint) = (bytes, complaint) }

  var testDescription: String { arguments.map { "\(Bytes($0))" }.joined(separator: " ") }
}

/// Wrong usage: the message names the argument and what is allowed, and the exit status is 64.
@Suite(.limitedConcurrency, .repeatable())
struct UsageTests {
  static let port = "a port is a number from 0 to 65535"
  static let host =
    "a host is a name (letters, digits, - and _, separated by dots; at most 253 bytes), an IPv4 address of four "
    + "numbers, an IPv6 address (within an endpoint in brackets), or * (a server on all addresses)"
  static let scheme = "an endpoint is tcp:HOST:PORT, unix:PATH, unix:@NAME, pipe:PATH, queue:/NAME or memory:/NAME"
  static let path = "a Unix socket's path or name has 1 to 107 bytes, and a path contains no NUL"
  static let longPath = "unix:/" + String(repeating: "a", count: 107)
  static let longName = "unix:@" + String(repeating: "a", count: 108)
  static let longHost = String(repeating: "a.", count: 126) + "ab"

  static let addresses = [
    Misuse("65536", complaint: "'65536': \(port)"),
    Misuse("http!", complaint: "'http!': \(port)"),
    Misuse("", complaint: "'': \(port)"),
    Misuse("+80", complaint: "'+80': \(port)"),
    Misuse(" 80", complaint: "' 80': \(port)"),
    Misuse("0x50", complaint: "'0x50': \(port)"),
    Misuse("8080x", complaint: "'8080x': \(port)"),
    Misuse("127.0.0.1", "65536", complaint: "'65536': \(port)"),
    Misuse("127.0.0.1", "", complaint: "'': \(port)"),
    Misuse("", "80", complaint: "'': \(host)"),
    Misuse("a b", "80", complaint: "'a b': \(host)"),
    Misuse("a\u{1B}[31m", "80", complaint: "'a\\^[[31m': \(host)"),
    Misuse(longHost, "80", complaint: "'\(longHost)': \(host)"),
    Misuse("tcp::80", complaint: "'tcp::80': \(host)"),
    Misuse("tcp:[]:80", complaint: "'tcp:[]:80': \(host)"),
    Misuse("tcp:::1:80", complaint: "'tcp:::1:80': \(host)"),
    Misuse("tcp:127.1:80", complaint: "'tcp:127.1:80': \(host)"),
    Misuse("tcp:0x7f000001:80", complaint: "'tcp:0x7f000001:80': \(host)"),
    Misuse("tcp:256.0.0.1:80", complaint: "'tcp:256.0.0.1:80': \(host)"),
    Misuse("tcp:host:", complaint: "'tcp:host:': \(port)"),
    Misuse("tcp:host", complaint: "'tcp:host': \(port)"),
    Misuse("tcp:[::1]", complaint: "'tcp:[::1]': \(port)"),
    Misuse("tcp:host:65536", complaint: "'tcp:host:65536': \(port)"),
    Misuse("localhost:8080", complaint: "'localhost:8080': \(scheme)"),
    Misuse("/run/hello.sock", complaint: "'/run/hello.sock': \(scheme)"),
    Misuse("udp:host:80", complaint: "'udp:host:80': \(scheme)"),
    Misuse("unix:", complaint: "'unix:': \(path)"),
    Misuse("unix:@", complaint: "'unix:@': \(path)"),
    Misuse(longPath, complaint: "'\(longPath)': \(path)"),
    Misuse(longName, complaint: "'\(longName)': \(path)"),
    Misuse(
      "127.0.0.1", "80", "90",
      complaint: "'127.0.0.1 80 90': too many addresses; give none, PORT, HOST PORT, or one endpoint"),
    Misuse("--bogus", complaint: "Unknown option '--bogus'. Did you mean '--log'?"),
    Misuse("--quiet", "--verbose", complaint: "--quiet and --verbose exclude each other"),
    Misuse(
      bytes: [Array("tcp:".utf8) + [0xFF] + Array(":80".utf8)],
      complaint: "The value 'tcp:\u{FFFD}:80' is invalid for '<address>': it must be UTF-8"),
    Misuse(
      bytes: [Array("unix:/tmp/".utf8) + [0xC3]],
      complaint: "The value 'unix:/tmp/\u{FFFD}' is invalid for '<address>': it must be UTF-8"),
    Misuse(
      bytes: [Array("memory:/\u{1B}[31m\u{9B}\\".utf8) + [0xFF]],
      complaint: "The value 'memory:/\\^[[31m\\M-B\\M^[\\134\u{FFFD}' is invalid for '<address>': it must be UTF-8"),
    Misuse("a\nError: b", "80", complaint: "'a\\^JError: b': \(host)"),
    Misuse("--\u{1B}[31m", complaint: "Unknown option '--\\^[[31m'"),
    Misuse("--\nError: b", complaint: "Unknown option '--\\^JError: b'"),
    Misuse("-\u{7F}", complaint: "Unknown option '-\\^?'"),
    Misuse("--quiet=\r\n", complaint: "The option '--quiet' does not take any value, but '\\^M\\^J' was specified."),
    Misuse(
      "--log-level", "\u{1B}[31m",
      complaint: "The value '\\^[[31m' is invalid for '--log-level <level>': it must be \(levels)"),
    Misuse("--generate-completion-script", "\u{1B}", complaint: "Can't generate completion scripts for '\\^['."),
  ]

  static let levels = "trace, debug, info, notice, warning, error, critical"

  static let backlog = "it must be a decimal number from 1 to 65535"
  static let mode = "it must be an octal number from 600 to 777 that lets the owner read and write, such as 660"
  static let file = "--mode and --group apply to unix:PATH endpoints only: they are for the socket's file"
  static let keepalive = "it must be a decimal number from 0 to 32767"
  static let keepaliveOverTCP =
    "--keepalive applies to TCP only: over a Unix socket the kernel reports each client's end"
  static let oneClient = "needs --keep-open: without it, the server serves one client"
  static let drain = "it must be 0, or a decimal number of seconds from 0.001 to 86400"
  static let ring = "it must be a power of two from 64 to 1073741824"
  static let services = "Please provide one of 'greeting', 'message', 'echo', 'discard' or 'chargen'."

  static let serverOptions = [
    Misuse("--service", "nothing", complaint: "The value 'nothing' is invalid for '--service <name>'. \(services)"),
    Misuse("--service", "Echo", complaint: "The value 'Echo' is invalid for '--service <name>'. \(services)"),
    Misuse("--service", complaint: "Missing value for '--service <name>'"),
    Misuse("--backlog", "0", complaint: "The value '0' is invalid for '--backlog <number>': \(backlog)"),
    Misuse("--backlog", "65536", complaint: "The value '65536' is invalid for '--backlog <number>': \(backlog)"),
    Misuse("--backlog", "+5", complaint: "The value '+5' is invalid for '--backlog <number>': \(backlog)"),
    Misuse(
      "--idle-timeout", "0x10", complaint: "The value '0x10' is invalid for '--idle-timeout <seconds>': \(timeout)"),
    Misuse("--idle-timeout", "1e1", complaint: "The value '1e1' is invalid for '--idle-timeout <seconds>': \(timeout)"),
    Misuse("-k", "--drain", "0x10", complaint: "The value '0x10' is invalid for '--drain <seconds>': \(drain)"),
    Misuse(
      "--inetd", "--max-clients", "5",
      complaint: "--max-clients needs a listener and --keep-open: a client that --inetd passes is the only one"),
    Misuse("--workers", "2", complaint: "--workers \(oneClient)"),
    Misuse("--backlog", "x", complaint: "The value 'x' is invalid for '--backlog <number>': \(backlog)"),
    Misuse("--mode", "0400", complaint: "The value '0400' is invalid for '--mode <octal>': \(mode)"),
    Misuse("--mode", "1600", complaint: "The value '1600' is invalid for '--mode <octal>': \(mode)"),
    Misuse("--mode", "680", complaint: "The value '680' is invalid for '--mode <octal>': \(mode)"),
    Misuse(
      "--group", "no such group",
      complaint:
        "The value 'no such group' is invalid for '--group <group>': it must be the name or the number of a group"),
    Misuse("--mode", "660", "tcp:127.0.0.1:0", complaint: file),
    Misuse("--group", "0", "unix:@x", complaint: file),
    Misuse("--mode", "660", "pipe:/x", complaint: file),
    Misuse("--keepalive", "-1", complaint: "Missing value for '--keepalive <seconds>'"),
    Misuse("--keepalive", "0.5", complaint: "The value '0.5' is invalid for '--keepalive <seconds>': \(keepalive)"),
    Misuse("--keepalive", "32768", complaint: "The value '32768' is invalid for '--keepalive <seconds>': \(keepalive)"),
    Misuse("--keepalive", "1", "unix:x", complaint: keepaliveOverTCP),
    Misuse("-k", "--keepalive", "0", "unix:@x", complaint: keepaliveOverTCP),
    Misuse(
      "-k", "--max-clients-per-address", "1", "unix:x",
      complaint: "--max-clients-per-address applies to TCP only: the clients of a Unix socket have no IP address"),
    Misuse("--max-clients", "1", complaint: "--max-clients \(oneClient)"),
    Misuse("--max-clients-per-address", "1", complaint: "--max-clients-per-address \(oneClient)"),
    Misuse("--drain", "0", complaint: "--drain \(oneClient)"),
    Misuse("--timeout", "1", complaint: "Unknown option '--timeout'"),
    Misuse(
      "--ring-size", "\u{1B}[31m", complaint: "The value '\\^[[31m' is invalid for '--ring-size <number>': \(ring)"),
    Misuse("--service", "a\\b", complaint: "The value 'a\\134b' is invalid for '--service <name>'. \(services)"),
    Misuse("--message", "a", "--message-file", "b", complaint: "--message and --message-file exclude each other"),
    Misuse(
      "--service", "echo", "--message", "a",
      complaint: "--message and --message-file apply to --service greeting only, not to echo"),
    Misuse(
      bytes: [Array("--message".utf8), [0xFF]],
      complaint: "The value '\u{FFFD}' is invalid for '--message <text>': it must be UTF-8"),
  ]

  static let timeout = "it must be a decimal number of seconds from 0.001 to 86400"
  static let noHost = "a client needs the server's host; * is for a server on all addresses"
  static let noPort = "port '0': a port to connect to is a number from 1 to 65535"

  static let clientOptions =
    ["0", "x", "nan", "86401", ""].map { value in
      Misuse("--timeout", value, complaint: "The value '\(value)' is invalid for '--timeout <seconds>': \(timeout)")
    } + [
      Misuse("0", complaint: noPort),
      Misuse(
        "--idle-timeout", "0", complaint: "The value '0' is invalid for '--idle-timeout <seconds>': \(timeout)"),
      Misuse("--send-only", "--receive-only", complaint: "--send-only and --receive-only exclude each other"),
      Misuse("--receive-only", "--keep-sending", complaint: "--keep-sending and --receive-only exclude each other"),
    ]
    + ["--send-only", "--receive-only", "--keep-sending"].map { option in
      Misuse("-z", option, complaint: "\(option) and --probe exclude each other: a probe copies no data")
    } + [
      Misuse(
        "--probe", "--idle-timeout", "1",
        complaint: "--idle-timeout and --probe exclude each other: a probe copies no data"),
      Misuse("localhost", "0", complaint: noPort),
      Misuse("tcp:127.0.0.1:0", complaint: noPort),
      Misuse("tcp:*:80", complaint: "'tcp:*:80': \(noHost)"),
      Misuse("*", "80", complaint: "'* 80': \(noHost)"),
      Misuse("--backlog", "1", complaint: "Unknown option '--backlog'"),
      Misuse("-k", complaint: "Unknown option '-k'"),
    ]

  @Test("All four programs reject a wrong address", arguments: addresses)
  func address(misuse: Misuse) async throws {
    try await expectRejected("server", misuse)
    try await expectRejected("client", misuse)
  }

  @Test("Both servers reject a wrong option", arguments: serverOptions)
  func serverOption(misuse: Misuse) async throws { try await expectRejected("server", misuse) }

  @Test("Both clients reject a wrong option", arguments: clientOptions)
  func clientOption(misuse: Misuse) async throws { try await expectRejected("client", misuse) }

  private func expectRejected(_ role: String, _ misuse: Misuse) async throws {
    var errors: Set<String> = []
    for engine in Engine.allCases {
      let outcome = try await Command(program: "\(engine)-\(role)", misuse.arguments).run()
      #expect(outcome.status == .exited(64), "\(engine)-\(role)")
      #expect(outcome.output == "", "\(engine)-\(role)")
      let lines = outcome.error.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      #expect(lines.first == "Error: \(misuse.complaint)", "\(engine)-\(role)")
      #expect(lines.contains { $0.hasPrefix("Usage: \(engine)-\(role) [<") }, "\(engine)-\(role)")
      #expect(lines.dropLast().last == "  See '\(engine)-\(role) --help' for more information.", "\(engine)-\(role)")
      errors.insert(outcome.error.masked)
    }
    #expect(errors.count == 1, "both \(role)s print the same")
  }

  private static let hidingProc = "mount -t tmpfs none /proc"

  @Test(
    "Without /proc a program can't read its arguments, and exits with 71",
    .enabled("namespaces are allowed") { try await Command.isAllowedInNamespaces(hidingProc) },
    arguments: ["server", "client"])
  func noProc(role: String) async throws {
    let reason = "/proc/self/cmdline: /proc must be mounted"
    for engine in Engine.allCases {
      let arguments = ["--quiet", "--timeout"].map { Array($0.utf8) }
      let rejected = try await Command(program: "\(engine)-\(role)", arguments).inNamespaces(after: Self.hidingProc)
        .run()
      #expect(rejected == Outcome(.exited(71), error: "Error : Could not read the arguments: \(reason)\n"))
    }
  }

  @Test(
    "A server rejects a message file that is too long, and reports one that it can't read", arguments: Engine.allCases)
  func messageFile(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let large = try folder.file("large", Bytes([UInt8](repeating: 0, count: 1_048_577)))
      let rejected = try await Command.server(engine, "--message-file", large, "0").run()
      #expect(rejected.status == .exited(64))
      #expect(rejected.output == "")
      #expect(rejected.error.hasPrefix("Error: \(large): a greeting is at most 1048576 bytes\nUsage: "))
      let missing = try await Command.server(engine, "--message-file", folder.path("missing"), "0").run()
      let reason = "Error : Read error: \(folder.path("missing")): No such file or directory\n"
      #expect(missing == Outcome(.exited(1), error: reason))
      let directory = try await Command.server(engine, "--message-file", folder.path, "0").run()
      #expect(directory == Outcome(.exited(1), error: "Error : Read error: \(folder.path): Is a directory\n"))
    }
  }
}
