internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// What a pipe is made of: FIFOs that are new for each client, and the words of its lobby.
  @Suite struct PipeFifosTests {
    @Test(arguments: Which.allCases)
    func theNamesArePrivateAndGo(_ which: Which) throws {
      let place = try LocalPlace(.pipe)
      _ = try host(which, .echo, at: place.endpoint) { server in
        for (name, kind) in zip(place.names, [S_IFREG, S_IFIFO, S_IFIFO]) {
          let status = try Kernel.status(name)
          #expect(status.st_mode == kind | 0o600)
        }
        let lobby = try Kernel.open(path: place.names[0], Kernel.readOnly).readAll(atMost: 100)
        #expect(lobby == Array("IPCP") + [1, 0, 0, 0] + [UInt8](repeating: 0, count: 16))
        server.stop()
      }
      #expect(place.present.isEmpty)
    }

    /// What stands in a FIFO, and who has it open, stays with the conversation that they are of.
    @Test(arguments: Which.allCases)
    func nothingLeaksIntoTheNextConversation(_ which: Which) throws {
      let place = try LocalPlace(.pipe)
      let endpoint = place.endpoint
      let recording = Recording()
      let served = try host(which, .echo, at: endpoint, keepOpen: true, recording: recording) { server in
        for round in 1...25 {
          // By hand: it writes, reads nothing, and keeps the reader.
          let reader = try Kernel.open(path: place.names[2], O_RDONLY | O_NONBLOCK)
          let old = try Kernel.inode(of: reader)
          do {
            let writer = try Kernel.open(path: place.names[1], O_WRONLY)
            _ = try Kernel.write(writer.number, Array("stale")[...])
          }
          try recording.wait(until: "its end") { $0.count { $0.step == .close } == 2 * round - 1 }
          let answer = try Worker { try which.engine.ask(endpoint, Array("fresh")) }.value()
          #expect(answer == Array("fresh"))
          try recording.wait(until: "its end") { $0.count { $0.step == .close } == 2 * round }
          #expect(try Kernel.status(place.names[2]).st_ino != old)
          #expect(try Kernel.readAll(reader.number, atMost: .max) == Array("stale"))
        }
        server.stop()
      }
      #expect(served.failure == nil)
    }

    @Test(arguments: Which.allCases)
    func planted(_ which: Which) throws {
      let e = which.engine
      for name in 0..<3 {
        let plants: [(LocalError, (borrowing LocalPlace) throws -> Void)] = [
          (.kind, { try Kernel.makeLink($0.names[name], to: Array("/etc/passwd")) }),
          (.kind, { try Kernel.makeLink($0.names[name], to: Array("/nowhere/at all")) }),
          (.kind, { name == 0 ? try Kernel.makeFIFO($0.names[0]) : try Kernel.makeFile($0.names[name]) }),
          (.kind, { try Kernel.makeFolder($0.names[name]) }),
        ]
        for (fault, plant) in plants {
          let place = try LocalPlace(.pipe)
          try plant(place)
          let endpoint = place.endpoint
          let refused = failure { _ = try e.listen(at: endpoint, LinkSizes(), observer: nil) }
          #expect(refused == Failure(.bind, .local(fault), at: endpoint), "\(name)")
          #expect(place.present == [place.names[name]], "untouched, and alone")
          if name == 0 {
            let unmet = failure { _ = try e.client(of: endpoint) }
            #expect(unmet?.step == .connect && unmet?.cause == .local(fault))
          }
          try? Kernel.removeFolder(place.names[name])
        }
      }
    }

    /// A lobby of another size or mode, or somebody else's.
    @Test(arguments: Which.allCases)
    func aForeignLobbyIsRefused(_ which: Which) throws {
      let e = which.engine
      let plants: [(LocalError, (borrowing Descriptor) throws -> Void)] = [
        (.kind, { _ = try Kernel.write($0.number, [1, 2, 3]) }), (.mode, { try Kernel.setMode($0, 0o660) }),
        (.owner, { try Kernel.setOwner($0, 1) }),
      ]
      for (fault, plant) in plants where fault != .owner || Kernel.isRoot {
        let place = try LocalPlace(.pipe)
        let endpoint = place.endpoint
        let lobby = try Kernel.open(path: place.names[0], Kernel.readWrite, create: 0o600)
        try plant(lobby)
        let refused = failure { _ = try e.listen(at: endpoint, LinkSizes(), observer: nil) }
        #expect(refused == Failure(.bind, .local(fault), at: endpoint))
        // Nobody holds it, which a client sees before it reads.
        let expected = fault == .kind ? Cause.system(.connectionRefused) : .local(fault)
        #expect(failure { _ = try e.client(of: endpoint) } == Failure(.connect, expected, at: endpoint))
      }
    }

    /// Who scribbles over the words while a client talks ends no engine: it goes on, or ends with an error.
    @Test(arguments: LinkTests.pairs)
    func scribbledWordsEndInOrder(_ pair: LinkTests.Pair) throws {
      var random = Seed.generator(for: .linkSplits, 1)
      let place = try LocalPlace(.pipe)
      let (endpoint, client) = (place.endpoint, pair.client)
      _ = try host(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        for _ in 1...30 {
          let lobby = try Kernel.open(path: place.names[0], Kernel.readWrite)
          let worker = try Worker {
            failure {
              let link = try client.engine.connect(
                to: endpoint, waits: true, timeout: .milliseconds(50), observer: nil)
              try client.engine.sendAll(link, [1, 2, 3])
              try client.engine.halfCloseAll(link)
              _ = try client.engine.receiveAll(link)
            }
          }
          for _ in 1...random.number(1...20) {
            try Kernel.write(lobby, random.bytes(8...8), at: 8 * random.number(1...2))
          }
          _ = try worker.value()
        }
        server.stop()
      }
      #expect(place.present.isEmpty)
    }
  }
}
