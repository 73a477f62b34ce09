import ArgumentParser
import ParityKit

struct GridCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid", abstract: "Run each server with each client, and compare the pairs.",
    discussion: """
      The commands are split, and their placeholders replaced, as in parity compare. {port}, {host}, {socket} and {dir} \
      have the same value for a server and its client. The client gets the input, and then the end of \
      the file, on standard input.

      The standard output of both programs is compared with that of the first pair. The exit and the standard error of \
      a program are compared with those of the same program and its first partner.

      EXAMPLES
        parity grid --server 'old-server {port}' --server 'new-server {port}' --client 'nc -N {host} {port}' \
      --client 'ncat {host} {port}'
        parity grid --server 'nc -lN -U {socket}' --client 'socat - UNIX:{socket}' --input-file request.bin
        parity grid --server 'c-server pipe:{dir}/hello' --server 'swift-server pipe:{dir}/hello' \
      --client 'c-client pipe:{dir}/hello' --client 'cat {dir}/hello.out' --ready listening

      EXIT STATUS
        0 same; 1 different; 2 could not judge: a program did not start, or a pair did not end; 3 varies: only some runs \
      of a pair differ; 64 wrong usage
      """)

  @Option(
    help: ArgumentHelp(
      "A server; may be repeated. The first server is the reference.", valueName: "command"))
  var server: [String]

  @Option(help: ArgumentHelp("A client; may be repeated. The first client is the reference.", valueName: "command"))
  var client: [String]

  @Option(help: ArgumentHelp("The input of each client; a newline is added. (default: hello)", valueName: "text"))
  var input: String?

  @Option(help: ArgumentHelp("A file with the input of each client.", valueName: "file"))
  var inputFile: String?

  @Option(
    help: ArgumentHelp(
      "The text that a server prints, on standard output or error, when it is ready. For servers without a socket.",
      valueName: "text"))
  var ready: String?

  @Option(
    help: ArgumentHelp(
      "A file that each pair gets in {dir}, with {port} and the others replaced; may be repeated.",
      valueName: "path[=name]"))
  var file: [String] = []

  @Option(name: .customLong("repeat"), help: ArgumentHelp("The number of runs of each pair.", valueName: "n"))
  var repeats = 2

  @Option(help: ArgumentHelp("The timeout for a server to listen, and for a client to end.", valueName: "seconds"))
  var timeout = 10.0

  @Option(help: ArgumentHelp("The maximum number of pairs that run at once.", valueName: "n"))
  var jobs = BlockingPool.size

  @Option(help: ArgumentHelp("Write the grid as an HTML page.", valueName: "file"))
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
      throw ValidationError("--repeat, --jobs and --timeout must be greater than 0")
    }
    var grid = Grid(
      servers: try server.map { try program($0, "--server", .server) },
      clients: try client.map { try program($0, "--client", .client) })
    guard input == nil || inputFile == nil else { throw ValidationError("--input and --input-file exclude each other") }
    if let input { grid.input = Payload(.text(input + "\n")) }
    if let inputFile {
      guard Terminal.canRead(inputFile) else { throw ValidationError("--input-file: \(inputFile) can't be read") }
      grid.input = Payload(.file(inputFile))
    }
    guard ready != "" else { throw ValidationError("--ready must not be empty") }
    grid.readyText = ready
    grid.repeats = repeats
    grid.timeout = .milliseconds(Int(timeout * 1000))
    grid.jobs = jobs
    return grid
  }

  private func program(_ command: String, _ option: String, _ role: Role) throws -> Program {
    do {
      var program = try Program(command)
      program.files = try SuppliedFile.list(file)
      if ready == nil, let problem = program.problem(as: role) { throw ValidationError("\(option): \(problem)") }
      return program
    } catch let error as InputError {
      throw ValidationError("--file: \(error)")
    } catch let error as Program.Malformed {
      throw ValidationError("\(option): \(error)")
    }
  }
}
