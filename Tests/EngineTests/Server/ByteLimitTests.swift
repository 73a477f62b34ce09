// The limit of bytes: the same on each transport, in whatever parts the bytes arrive.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ByteLimitTests {
    struct Row: CustomTestStringConvertible, Sendable {
      let name: String
      let service: Service
      let limit: UInt64
      let input: String
      /// What the client receives.
      let output: String
      let exceeds: Bool
      /// The server closes with unread input, which a client of a Unix socket sees as a reset.
      var leavesInput = false

      var testDescription: String { "\(name) of \(limit) bytes" }
    }

    private static let greeting = Service.greeting(Array("Server Message".utf8))
    private static let answer = "I got your message"

    static let rows = [
      Row(name: "greeting", service: greeting, limit: 14, input: "", output: "Server Message", exceeds: false),
      Row(name: "greeting", service: greeting, limit: 13, input: "", output: "Server Messag", exceeds: true),
      Row(name: "echo", service: .echo, limit: 10, input: "12345", output: "12345", exceeds: false),
      Row(name: "echo", service: .echo, limit: 10, input: "123456", output: "12345", exceeds: true, leavesInput: true),
      Row(name: "echo", service: .echo, limit: 9, input: "12345", output: "1234", exceeds: true, leavesInput: true),
      Row(name: "message", service: .message, limit: 24, input: "hello\n", output: answer, exceeds: false),
      Row(name: "message", service: .message, limit: 24, input: "hello\nand more", output: answer, exceeds: false),
      Row(name: "message", service: .message, limit: 23, input: "hello\n", output: "", exceeds: true),
      Row(name: "message", service: .message, limit: 4, input: "hello\n", output: "", exceeds: true, leavesInput: true),
      Row(name: "discard", service: .discard, limit: 5, input: "12345", output: "", exceeds: false),
      Row(name: "discard", service: .discard, limit: 4, input: "12345", output: "", exceeds: true, leavesInput: true),
      Row(
        name: "chargen", service: .chargen, limit: 20, input: "", output: " !\"#$%&'()*+,-./0123", exceeds: true),
    ]

    private static func check(_ served: ServeOutcome, _ row: Row) {
      #expect(served.failure == nil)
      let ends = served.events.filter { $0.step == .close }.map { $0.failure?.cause }
      #expect(ends == [row.exceeds ? .system(.fileTooLarge) : nil])
    }

    @Test(
      "Over sockets a client moves exactly the limit, and is reset if its service needs more",
      arguments: EngineName.allCases, rows)
    func sockets(_ which: EngineName, _ row: Row) throws {
      for transport in Transport.allCases {
        for part in [1, 3, 1000] {
          let target = try transport.makeEndpoint()
          let options = ServeOptions(keepOpen: true, limits: ClientLimits(bytes: row.limit))
          let faults: [Fault] = [.cap(.FAULTS_RECV, part, mustOccur: false)]
          let served = try serve(which, row.service, at: target.endpoint, options: options, faults: faults) { server in
            let peer = try RawPeer(to: server.endpoint)
            if !row.input.isEmpty {
              try peer.send(row.input)
              try? peer.halfClose()  // fails after a reset
            }
            let (bytes, error) = peer.receiveToFailure(atMost: 1000)
            #expect(bytes == Array(row.output.utf8), "\(transport), in parts of \(part)")
            let isUnix = transport == .unix || transport == .abstract
            let seesReset = row.exceeds && (!isUnix || row.leavesInput)
            #expect(error == (seesReset ? .connectionReset : nil), "\(transport), in parts of \(part)")
            server.stop()
          }
          Self.check(served, row)
        }
      }
    }

    @Test(
      "Over links a client moves exactly the limit, and is reset if its service needs more",
      arguments: EngineName.allCases, rows)
    func links(_ which: EngineName, _ row: Row) throws {
      for kind in LinkKind.allCases {
        let target = try kind.makeEndpoint()
        let endpoint = target.endpoint
        let options = ServeOptions(keepOpen: true, limits: ClientLimits(bytes: row.limit))
        let served = try serveLink(which, row.service, at: endpoint, options: options) { server in
          let link = try which.engine.connectClient(to: endpoint)
          if !row.input.isEmpty { try which.engine.sendAll(link, Array(row.input.utf8)) }
          var bytes: [UInt8] = []
          let ended = failure {
            try which.engine.halfCloseAll(link)
            while bytes.count < 1000 {
              let some = try which.engine.receiveAll(link, atMost: 1)
              if some.isEmpty { return }
              bytes += some
            }
          }
          #expect(bytes == Array(row.output.utf8), "\(kind)")
          #expect(ended?.cause == (row.exceeds ? .system(.connectionReset) : nil), "\(kind)")
          try which.engine.close(link)
          server.stop()
        }
        Self.check(served, row)
      }
    }
  }
}
