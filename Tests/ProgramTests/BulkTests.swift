import Testing

/// 100 MB through a server, intact, and in bounded memory at both ends.
@Suite(.serialized, .fewAtATime, .repeatable())
struct BulkTests {
  static let size = 104_857_600
  static let limit = 32 * 1024

  @Test("100 MB through echo come back the same, and through discard arrive", arguments: [Service.echo, .discard])
  func bulk(service: Service) async throws {
    try await withFolder { folder in
      let (sent, returned) = (folder.path("sent"), folder.path("returned"))
      let generator =
        "import random, sys; r = random.Random(\(Seed.value)); "
        + "[sys.stdout.buffer.write(r.randbytes(1 << 20)) for _ in range(\(Self.size >> 20))]"
      let generated = try await Command(path: "python3", ["-c", generator]).writing(.file(sent)).run()
      #expect(generated == Outcome(.exited(0)))
      let sum = try await sha256(of: sent)
      for pairing in Pairing.all {
        let command = Command.server(pairing.server, "-k", "--verbose", "--service", "\(service)", "0")
        let (peaks, server) = try await command.serveAndStop { server in
          let client = try await measured(.client(pairing.client, server.endpoint), input: sent, output: returned)
          return (client: client, server: try server.process.peak())
        }
        #expect(server.status == .exited(0), "the server of \(pairing)")
        #expect(received(server) == Self.size, "the server of \(pairing)")
        if service == .echo { #expect(try await sha256(of: returned) == sum, "\(pairing)") }
        let allowed = try await isSanitized(command) ? Int.max : Self.limit
        #expect(peaks.client < allowed, "KB resident, the client of \(pairing)")
        #expect(peaks.server < allowed, "KB resident, the server of \(pairing)")
      }
    }
  }

  /// Its peak memory in KB, once it has ended well: that is told to its parent only.
  private func measured(_ client: Command, input: String, output: String) async throws -> Int {
    let wait =
      "import os, sys; child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ); "
      + "_, status, usage = os.wait4(child, 0); print(usage.ru_maxrss, file=sys.stderr); "
      + "sys.exit(os.waitstatus_to_exitcode(status))"
    let command = Command(path: "python3", ["-c", wait, client.path].map { Array($0.utf8) } + client.arguments)
    let outcome = try await command.reading(.file(input)).writing(.file(output)).run()
    #expect(outcome.status == .exited(0))
    return try #require(Int(outcome.error.filter { $0 != "\n" }), "\(outcome)")
  }

  private func sha256(of path: String) async throws -> Substring {
    let outcome = try await Command(path: "sha256sum", [path]).run()
    try #require(outcome.status == .exited(0))
    return String(decoding: outcome.output.array, as: UTF8.self).prefix { $0 != " " }
  }

  /// What the server says that it received, in all.
  private func received(_ server: Outcome) -> Int {
    server.error.split(separator: "\n").filter { $0.hasPrefix("receive: ") }
      .compactMap { $0.split(separator: " ").dropLast().last.flatMap { Int($0) } }.reduce(0, +)
  }

  /// A sanitizer's shadow memory is not the program's.
  private func isSanitized(_ command: Command) async throws -> Bool {
    let grep = ["-q", "-e", "__asan_init", "-e", "__tsan_init", command.path]
    return try await Command(path: "grep", grep).run().status == .exited(0)
  }
}
