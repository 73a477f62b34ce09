import ArgumentParser
import ParityKit

struct GridCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid", abstract: "Let each of several servers talk to each of several clients.",
    discussion: """
      The commands are split and filled in as those of compare; a server and its client run at the same place, so that \
      {port}, {host}, {socket} and {dir} are the same for both. The client gets the input on standard input, then its end.

      What both print on standard output is compared with what the first server and the first client print; how each \
      ends, and what it says on standard error, with what the same program does with the first of the others.

      EXAMPLES
        parity grid --server 'old-server {port}' --server 'new-server {port}' --client 'nc -N {host} {port}' \
      --client 'ncat {host} {port}'
        parity grid --server 'nc -lN -U {socket}' --client 'socat - UNIX:{socket}' --input-file request.bin
        parity grid --server 'c-server pipe:{dir}/hello' --server 'swift-server pipe:{dir}/hello' \
      --client 'c-client pipe:{dir}/hello' --client 'cat {dir}/hello.out' --ready listening

      EXIT STATUS
        0 same; 1 different; 2 could not judge: a program did not start, or a pair did not come to its end; \
      64 wrong usage
      """)

  @Option(
    help: ArgumentHelp(
      "A server; may be given again. The first one is what others are measured by.", valueName: "command"))
  var server: [String]

  @Option(help: ArgumentHelp("A client; may be given again.", valueName: "command"))
  var client: [String]

  @Option(help: ArgumentHelp("What clients get, with a newline after it. (default: hello)", valueName: "text"))
  var input: String?

  @Option(help: ArgumentHelp("A file that clients get instead.", valueName: "file"))
  var inputFile: String?

  @Option(
    help: ArgumentHelp(
      "A server can be talked to once it has printed this, on standard output or error; for what listens at no socket.",
      valueName: "text"))
  var ready: String?

  @Option(name: .customLong("repeat"), help: ArgumentHelp("How often each pair talks.", valueName: "n"))
  var repeats = 2

  @Option(help: ArgumentHelp("How long a server may take to listen, and a client to end.", valueName: "seconds"))
  var timeout = 10.0

  @Option(help: ArgumentHelp("How many pairs talk at a time.", valueName: "n"))
  var jobs = BlockingPool.size

  @Option(help: ArgumentHelp("Write the grid as a page for a browser.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the grid as JSON.", valueName: "file"))
  var json: String?

  func validate() throws { _ = try grid() }

  func run() async throws {
    SignalCleanup.watch()
    let report = await (try grid()).run()
    Terminal.print(report.text(colour: Terminal.showsColour))
    try Terminal.write(report.html, to: html)
    try Terminal.write(report.json, to: json)
    throw ExitCode(report.verdict.rawValue)
  }

  private func grid() throws -> Grid {
    guard repeats >= 1, jobs >= 1, timeout > 0 else {
      throw ValidationError("--repeat, --jobs and --timeout: more than nothing")
    }
    var grid = Grid(
      servers: try server.map { try program($0, "--server", .server) },
      clients: try client.map { try program($0, "--client", .client) })
    guard input == nil || inputFile == nil else { throw ValidationError("--input or --input-file, not both") }
    if let input { grid.input = Payload(.text(input + "\n")) }
    if let inputFile {
      guard Terminal.canRead(inputFile) else { throw ValidationError("--input-file: \(inputFile) can't be read") }
      grid.input = Payload(.file(inputFile))
    }
    guard ready != "" else { throw ValidationError("--ready: more than nothing") }
    grid.greeting = ready
    grid.repeats = repeats
    grid.timeout = .milliseconds(Int(timeout * 1000))
    grid.jobs = jobs
    return grid
  }

  private func program(_ command: String, _ option: String, _ role: Role) throws -> Program {
    do {
      let program = try Program(command)
      if ready == nil, let problem = program.problem(as: role) { throw ValidationError("\(option): \(problem)") }
      return program
    } catch let error as Program.Malformed {
      throw ValidationError("\(option): \(error)")
    }
  }
}
