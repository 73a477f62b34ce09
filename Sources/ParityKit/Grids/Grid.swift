/// A grid: every server with every client.
public struct Grid: Sendable {
  /// The first one is the reference.
  public var servers: [Program]
  public var clients: [Program]
  /// The standard input of each client.
  public var input: Payload
  /// What each server prints when it is ready; nil: it listens on a socket, which is detected.
  public var readyText: String?
  /// How often each pair runs; at least twice, to tell noise from a difference.
  public var repeats = 2
  /// Maximum time for each wait.
  public var timeout = Duration.seconds(10)
  /// Maximum number of pairs at once.
  public var jobs = BlockingPool.size

  /// Requires at least one server and one client.
  public init(servers: [Program], clients: [Program], input: Payload = "hello\n") {
    (self.servers, self.clients, self.input) = (servers, clients, input)
  }

  struct Pair: Hashable {
    let server: Int
    let client: Int
  }

  /// Runs all pairs, as many at once as there are jobs.
  public func run() async -> GridReport {
    let clock = ContinuousClock()
    let start = clock.now
    let pool = BlockingPool(jobs)
    let all = servers.indices.flatMap { server in clients.indices.map { Pair(server: server, client: $0) } }
    var runs = await run(Set(all), pool, repeats)
    var cells = all.map { cell($0, runs) }
    // A difference in few runs may be rare noise, such as a time in seconds.
    for count in [Limits.confirmingRuns, Limits.maximumRuns] where cells.contains(where: { !$0.isSettled }) {
      let unsettled = zip(all, cells).filter { !$0.1.isSettled }.map(\.0)
      let pairs = Set(unsettled.flatMap { references(of: $0) + [$0] })
      let more = count - (pairs.compactMap { runs[$0]?.count }.min() ?? 0)
      if more <= 0 { continue }
      runs.merge(await run(pairs, pool, more, over: Limits.confirmingTime)) { $0 + $1 }
      cells = all.map { cell($0, runs) }
    }
    return GridReport(servers: servers, clients: clients, input: input, cells: cells, time: clock.now - start)
  }

  /// Runs pairs some times, spread over a time.
  private func run(
    _ pairs: Set<Pair>, _ pool: BlockingPool, _ count: Int, over time: Duration = .zero
  ) async -> [Pair: [PairRun]] {
    await withTaskGroup(of: (Pair, PairRun).self) { group in
      for number in 0..<count {
        for pair in pairs {
          group.addTask {
            let run = await pool.run(number, of: count, over: time) {
              PairRun(
                servers[pair.server], clients[pair.client], input: input, readyText: readyText, timeout: timeout)
            }
            return (pair, run)
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0, default: []].append($1.1) }
    }
  }

  // MARK: Cells

  /// The first pair, and the first pair of each program.
  private func references(of pair: Pair) -> [Pair] {
    [Pair(server: 0, client: 0), Pair(server: 0, client: pair.client), Pair(server: pair.server, client: 0)]
  }

  /// The exchanged bytes are compared with the first pair's. The exit status and standard error of a program are
  /// compared with its own first pair: programs may differ in these, but not with each partner.
  private func cell(_ pair: Pair, _ runs: [Pair: [PairRun]]) -> GridReport.Cell {
    let own = runs[pair] ?? []
    let references = references(of: pair).map { runs[$0] ?? [] }
    var parts: [GridReport.Part] = []
    func compare(_ role: String, _ channel: Channel, _ reference: [PairRun], _ view: (PairRun) -> Transcript) {
      var used: Set<MaskRule> = []
      let finding = ChannelComparison(left: reference.map(view), right: own.map(view)).finding(channel, &used)
      parts.append(GridReport.Part(role: role, finding: finding))
    }
    let troubles = own.compactMap(\.trouble).prefix(1) + own.compactMap(\.hang).prefix(1)
    let couldRun = (references + [own]).joined().allSatisfy { $0.trouble == nil && $0.hang == nil }
    if couldRun {
      compare("client", .output, references[0]) { .output($0.client.output) }
      compare("server", .output, references[0]) { .output($0.server.output) }
      compare("client", .output, references[1]) { .error($0.client.error) }
      compare("client", .exit, references[1]) { .exits($0.client.exits) }
      compare("server", .output, references[2]) { .error($0.server.error) }
      compare("server", .exit, references[2]) { .exits($0.server.exits) }
    }
    return GridReport.Cell(
      server: pair.server, client: pair.client, parts: parts, troubles: Array(troubles),
      hasHung: own.contains { $0.hang != nil })
  }
}

extension Transcript {
  fileprivate static func output(_ bytes: [UInt8]) -> Transcript {
    var transcript = Transcript()
    transcript.output = bytes
    return transcript
  }

  fileprivate static func error(_ bytes: [UInt8]) -> Transcript {
    var transcript = Transcript()
    transcript.error = bytes
    return transcript
  }

  fileprivate static func exits(_ exits: [Exit]) -> Transcript {
    var transcript = Transcript()
    transcript.exits = exits
    return transcript
  }
}
