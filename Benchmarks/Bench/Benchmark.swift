/// The service that a benchmark uses.
enum Service: Sendable {
  case greeting, echo, client
}

/// A benchmark: a job of the load generator, its size, and the cores.
struct Benchmark: Sendable {
  /// The figure that is compared.
  enum Metric: String, Codable, Sendable {
    case cpu, before, after, speed, rate, wall, memory, instructions
  }

  let name, title: String
  let service: Service
  let job: String
  let arguments: [String]
  let metric: Metric
  /// Whether there are too many clients for a server with a process each.
  var isCrowd: Bool { ["greeting-stopped", "echo-1000", "idle"].contains(name) }
  /// Whether the figure is counted and so equal in each run.
  var isExact: Bool { metric == .instructions }

  static let all = greetings + echoes + clients + counts

  private static let apart = ["-P", "0", "-L", "1"]
  private static let together = ["-P", "0", "-L", "0"]

  private static let greetings = [
    Benchmark(
      name: "greeting", title: "greeting, 64 clients at a time; server and load on a core each",
      service: .greeting, job: "greeting", arguments: ["-c", "64"] + apart, metric: .cpu),
    Benchmark(
      name: "greeting-together", title: "greeting, 64 clients at a time; server and load on one core",
      service: .greeting, job: "greeting", arguments: ["-c", "64"] + together, metric: .cpu),
    Benchmark(
      name: "greeting-stopped", title: "greeting, 3,500 clients queued while the server was stopped; a core each",
      service: .greeting, job: "stopped", arguments: ["-c", "3500"] + apart, metric: .cpu),
  ]

  private static let echoes = [
    Benchmark(
      name: "echo", title: "echo of 64 bytes, 64 clients; server and load on a core each",
      service: .echo, job: "echo", arguments: ["-c", "64", "-b", "64"] + apart, metric: .cpu),
    Benchmark(
      name: "echo-together", title: "echo of 64 bytes, 64 clients; server and load on one core",
      service: .echo, job: "echo", arguments: ["-c", "64", "-b", "64"] + together, metric: .cpu),
    Benchmark(
      name: "echo-1000", title: "echo of 64 bytes, 1,000 clients; a core each",
      service: .echo, job: "echo", arguments: ["-c", "1000", "-b", "64"] + apart, metric: .cpu),
    Benchmark(
      name: "echo-64k", title: "echo of 64 KiB, 8 clients; a core each",
      service: .echo, job: "echo", arguments: ["-c", "8", "-b", "65536"] + apart, metric: .cpu),
    Benchmark(
      name: "idle", title: "10,000 idle clients", service: .echo, job: "idle", arguments: ["-c", "10000"] + apart,
      metric: .after),
  ]

  private static let clients = [
    Benchmark(
      name: "client-pipe", title: "client, 512 MiB to a pipe", service: .client, job: "bulk",
      arguments: ["-p", "-b", "\(512 << 20)"] + apart, metric: .speed),
    Benchmark(
      name: "client-null", title: "client, 1 GiB to /dev/null", service: .client, job: "bulk",
      arguments: ["-b", "\(1 << 30)"] + apart, metric: .speed),
    Benchmark(
      name: "client-start", title: "client, the whole process for one greeting", service: .client, job: "startup",
      arguments: ["-p", "-n", "40"] + apart, metric: .wall),
  ]

  private static let counts = [
    Benchmark(
      name: "greeting-instructions", title: "greeting, one client after the other: the server's own instructions",
      service: .greeting, job: "greeting", arguments: ["-c", "1"] + apart, metric: .instructions),
    Benchmark(
      name: "echo-instructions", title: "echo of 64 bytes, one client: the server's own instructions",
      service: .echo, job: "echo", arguments: ["-c", "1", "-b", "64"] + apart, metric: .instructions),
  ]

  func short(_ outcome: Outcome) -> String {
    switch outcome {
    case .figures(let figures): figures[metric.rawValue].map { Unit.text($0, metric.rawValue) } ?? "nothing"
    case .failure(let reason): reason
    }
  }
}
