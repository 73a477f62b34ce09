import Testing

/// 100 MB pass through a server unchanged, and the memory of both programs stays bounded.
@Suite(.serialized, .limitedConcurrency, .repeatable())
struct BulkTests {
  static let size = 104_857_600
  static let limit = 32 * 1024

  @Test("100 MB pass through a server unchanged and in bounded memory", arguments: [Service.echo, .discard])
  func hundredMegabytes(service: Service) async throws {
    try await withTemporaryFolder { folder in
      let (sent, returned) = (folder.path("sent"), folder.path("returned"))
      let generator = Command.script("random_megabytes.py", "\(Seed.value)", "\(Self.size >> 20)")
      let generated = try await generator.writing(.file(sent)).run()
      #expect(generated == Outcome(.exited(0)))
      let sum = try await sha256(of: sent)
      for pairing in Pairing.all {
        let command = Command.server(pairing.server, "-k", "--verbose", "--service", "\(service)", "0")
        let (peaks, server) = try await command.serveAndStop { server in
          let client = try await measured(.client(pairing.client, server.endpoint), input: sent, output: returned)
          return (client: client, server: try server.process.peakMemory())
        }
        #expect(server.status == .exited(0), "the server of \(pairing)")
        #expect(received(server) == Self.size, "the server of \(pairing)")
        if service == .echo { #expect(try await sha256(of: returned) == sum, "\(pairing)") }
        let allowed = try await isSanitized(command) ? Int.max : Self.limit
        #expect(peaks.client < allowed, "peak memory in KB, the client of \(pairing)")
        #expect(peaks.server < allowed, "peak memory in KB, the server of \(pairing)")
      }
    }
  }

  /// Runs the client, expects success, and returns its peak memory in KB.
  private func measured(_ client: Command, input: String, output: String) async throws -> Int {
    let command = Command.script("peak_memory.py", [Array(client.path.utf8)] + client.arguments)
    let outcome = try await command.reading(.file(input)).writing(.file(output)).run()
    #expect(outcome.status == .exited(0))
    return try #require(Int(outcome.error.filter { $0 != "\n" }), "\(outcome)")
  }

  private func sha256(of path: String) async throws -> Substring {
    let outcome = try await Command(path: "sha256sum", [path]).run()
    try #require(outcome.status == .exited(0))
    return String(decoding: outcome.output.array, as: UTF8.self).prefix { $0 != " " }
  }

  /// The total of the bytes that the server printed as received.
  private func received(_ server: Outcome) -> Int {
    server.error.split(separator: "\n").filter { $0.hasPrefix("receive: ") }
      .compactMap { $0.split(separator: " ").dropLast().last.flatMap { Int($0) } }.reduce(0, +)
  }

  /// A sanitizer's shadow memory counts as the program's, so no limit applies.
  private func isSanitized(_ command: Command) async throws -> Bool {
    let grep = ["-q", "-e", "__asan_init", "-e", "__tsan_init", command.path]
    return try await Command(path: "grep", grep).run().status == .exited(0)
  }
}
