internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The files of a pipe: FIFOs that are new for each client, and the rendezvous file with the handshake states.
  @Suite struct PipeFifosTests {
    @Test("The files of a pipe are private, and the server removes them", arguments: EngineName.allCases)
    func newFiles(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.pipe)
      _ = try serveLink(which, .echo, at: target.endpoint) { server in
        for (name, kind) in zip(target.names, [S_IFREG, S_IFIFO, S_IFIFO]) {
          let status = try TestSystem.status(name)
          #expect(status.st_mode == kind | 0o600)
        }
        let rendezvous = try TestSystem.open(path: target.names[0], TestSystem.readOnly).readAll(atMost: 100)
        #expect(rendezvous == Array("IPCP") + [1, 0, 0, 0] + [UInt8](repeating: 0, count: 16))
        server.stop()
      }
      #expect(target.present.isEmpty)
    }

    @Test("Each conversation has fresh FIFOs, so that no bytes and no readers remain", arguments: EngineName.allCases)
    func freshFIFOs(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.pipe)
      let endpoint = target.endpoint
      let recorder = EventRecorder()
      let served = try serveLink(which, .echo, at: endpoint, keepOpen: true, recorder: recorder) { server in
        for round in 1...25 {
          // A client by hand writes, reads nothing and keeps its reader open.
          let reader = try TestSystem.open(path: target.names[2], O_RDONLY | O_NONBLOCK)
          let old = try TestSystem.inode(of: reader)
          do {
            let writer = try TestSystem.open(path: target.names[1], O_WRONLY)
            _ = try TestSystem.write(writer.number, Array("stale")[...])
          }
          try recorder.wait(until: "the conversation is closed") { $0.count { $0.step == .close } == 2 * round - 1 }
          let answer = try TestThread { try which.engine.request(endpoint, Array("fresh")) }.value()
          #expect(answer == Array("fresh"))
          try recorder.wait(until: "the conversation is closed") { $0.count { $0.step == .close } == 2 * round }
          #expect(try TestSystem.status(target.names[2]).st_ino != old)
          #expect(try TestSystem.readAll(reader.number, atMost: .max) == Array("stale"))
        }
        server.stop()
      }
      #expect(served.failure == nil)
    }

    @Test(
      "A server rejects files of another type under its names, and leaves them unchanged",
      arguments: EngineName.allCases)
    func planted(_ which: EngineName) throws {
      let e = which.engine
      for name in 0..<3 {
        let plantings: [(LocalError, (borrowing LinkTestEndpoint) throws -> Void)] = [
          (.kind, { try TestSystem.makeLink($0.names[name], to: Array("/etc/passwd")) }),
          (.kind, { try TestSystem.makeLink($0.names[name], to: Array("/nowhere/at all")) }),
          (.kind, { name == 0 ? try TestSystem.makeFIFO($0.names[0]) : try TestSystem.makeFile($0.names[name]) }),
          (.kind, { try TestSystem.makeFolder($0.names[name]) }),
        ]
        for (error, plant) in plantings {
          let target = try LinkTestEndpoint(.pipe)
          try plant(target)
          let endpoint = target.endpoint
          let refused = failure { _ = try e.listen(at: endpoint, LinkSizes(), observer: nil) }
          #expect(refused == Failure(.bind, .local(error), at: endpoint), "\(name)")
          #expect(target.present == [target.names[name]], "the file is unchanged, and the only one")
          if name == 0 {
            let connected = failure { _ = try e.connectClient(to: endpoint) }
            #expect(connected?.step == .connect && connected?.cause == .local(error))
          }
          try? TestSystem.removeFolder(target.names[name])
        }
      }
    }

    @Test("A rendezvous file of another size, mode or owner is rejected", arguments: EngineName.allCases)
    func foreignRendezvous(_ which: EngineName) throws {
      let e = which.engine
      let plantings: [(LocalError, (borrowing Descriptor) throws -> Void)] = [
        (.kind, { _ = try TestSystem.write($0.number, [1, 2, 3]) }), (.mode, { try TestSystem.setMode($0, 0o660) }),
        (.owner, { try TestSystem.setOwner($0, 1) }),
      ]
      for (error, plant) in plantings where error != .owner || TestSystem.isRoot {
        let target = try LinkTestEndpoint(.pipe)
        let endpoint = target.endpoint
        let rendezvous = try TestSystem.open(path: target.names[0], TestSystem.readWrite, create: 0o600)
        try plant(rendezvous)
        let refused = failure { _ = try e.listen(at: endpoint, LinkSizes(), observer: nil) }
        #expect(refused == Failure(.bind, .local(error), at: endpoint))
        // A client checks whether a server holds the lock before it reads the contents.
        let expected = error == .kind ? Cause.system(.connectionRefused) : .local(error)
        #expect(failure { _ = try e.connectClient(to: endpoint) } == Failure(.connect, expected, at: endpoint))
      }
    }

    @Test("A corrupt handshake state ends a conversation with an error at most", arguments: LinkTests.pairs)
    func corruptState(_ pair: LinkTests.Pair) throws {
      var random = Seed.generator(for: .linkSplits, 1)
      let target = try LinkTestEndpoint(.pipe)
      let (endpoint, client) = (target.endpoint, pair.client)
      _ = try serveLink(pair.server, .echo, at: endpoint, keepOpen: true) { server in
        for _ in 1...30 {
          let rendezvous = try TestSystem.open(path: target.names[0], TestSystem.readWrite)
          let thread = try TestThread {
            failure {
              let link = try client.engine.connect(
                to: endpoint, waits: true, timeout: .milliseconds(50), observer: nil)
              try client.engine.sendAll(link, [1, 2, 3])
              try client.engine.halfCloseAll(link)
              _ = try client.engine.receiveAll(link)
            }
          }
          for _ in 1...random.number(1...20) {
            try TestSystem.write(rendezvous, random.bytes(8...8), at: 8 * random.number(1...2))
          }
          _ = try thread.value()
        }
        server.stop()
      }
      #expect(target.present.isEmpty)
    }
  }
}
