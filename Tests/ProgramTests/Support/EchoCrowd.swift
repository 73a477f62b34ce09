/// Clients of an echo server that connect again and again until their input ends, eight at a time.
struct EchoCrowd: Sendable {
  let process: RunningProcess

  /// How many clients got back exactly the bytes that they sent.
  var served: Int { process.output.bytes.count }

  /// Waits until `more` further clients are served; false if the crowd ended before.
  func awaitServed(_ more: Int) async -> Bool { await process.output.wait(for: served + more) }

  /// Runs the body while clients connect to the port.
  ///
  /// - Returns: one byte on standard output for each client that was served, one line on standard error for each client
  ///   that failed.
  static func run(
    at port: Substring, _ body: @escaping @Sendable (EchoCrowd) async throws -> Void
  ) async throws -> Outcome {
    try await Command.script("echo_crowd.py", String(port)).reading(.open).run { process in
      try await body(EchoCrowd(process: process))
    }.outcome
  }
}
