internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct AddressTests {
    @Test("An endpoint that is an address resolves to itself")
    func addressesResolveToThemselves() {
      let endpoints: [Endpoint] = [
        .original, .tcp(host: "*", port: 7), .tcp(host: "::1", port: 7), .tcp(host: "fe80::1%lo", port: 7),
        .tcp(host: "fe80::1%nowhere", port: 7),
        .unix(path: Array("/nowhere/at all")), .abstract(name: [0, 255]),
        .pipe(path: Array("/nowhere/at all")), .queue(name: Array("/nothing")), .memory(name: Array("/nothing")),
      ]
      for endpoint in endpoints {
        #expect(resultFromBoth { e in try e.resolve(endpoint) } == .success([endpoint]))
      }
    }

    @Test("A host name resolves to addresses")
    func namesResolveToAddresses() throws {
      let found = try resultFromBoth { e in try e.resolve(.tcp(host: "localhost", port: 4321)) }.get()
      let loopbacks = [Endpoint.tcp(host: "127.0.0.1", port: 4321), .tcp(host: "::1", port: 4321)]
      #expect((1...Limit.candidates).contains(found.count))
      #expect(found.contains { loopbacks.contains($0) })
    }

    @Test("An unknown host name fails alike in both engines")
    func unknownHost() {
      let endpoint = Endpoint.tcp(host: "no-such-host.invalid", port: 1)
      let result = resultFromBoth { e in try e.resolve(endpoint) }
      // Without a name server, the resolver reports EAI_AGAIN instead.
      let causes = [EAI_NONAME, EAI_AGAIN].map { Cause.name($0) }
      #expect(causes.contains { result == .failure(Failure(.resolve, $0, at: endpoint)) })
    }

    @Test("A connected socket knows the endpoints of both ends", arguments: EngineName.allCases, Transport.allCases)
    func bothEnds(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let link = try SocketPair(e, transport)
      #expect(try e.peer(link.client) == link.listening)
      #expect(try e.local(link.server.descriptor) == link.listening)
      #expect(try e.peer(link.server.descriptor) == link.server.endpoint)
      if link.listening.port != nil {
        #expect(try e.local(link.client) == link.server.endpoint)
        #expect(link.listening.port != 0 && link.server.endpoint.port != link.listening.port)
      } else {
        // A Unix client has no name, so the connection reports the server's endpoint.
        #expect(link.server.endpoint == link.listening)
        expectFailure(.resolve, .socketNotConnected) { _ = try e.local(link.client) }
      }
    }

    @Test("A Unix client may bind to a name, and the server sees it", arguments: EngineName.allCases)
    func namedUnixClient(_ which: EngineName) throws {
      let e = which.engine
      let target = try Transport.abstract.makeEndpoint()
      let own = try Transport.abstract.makeEndpoint()
      let server = try e.openServer([target.endpoint], backlog: 1, observer: nil)
      let client = try e.create(for: own.endpoint)
      try e.bind(client, to: own.endpoint)
      try e.connect(client, to: target.endpoint, timeout: nil)
      let connection = try e.awaitClient(server.descriptor)
      #expect(connection.endpoint == own.endpoint)
      #expect(try e.peer(connection.descriptor) == own.endpoint)
      #expect(try e.local(client) == own.endpoint)
    }

    @Test("A descriptor that is not a connected socket has no peer", arguments: EngineName.allCases)
    func unconnectedDescriptors(_ which: EngineName) throws {
      let e = which.engine
      let socket = try e.create(for: .anyIPv4)
      expectFailure(.resolve, .socketNotConnected) { _ = try e.peer(socket) }
      #expect(try e.local(socket) == .tcp(host: "0.0.0.0", port: 0))
      let pipe = try TestSystem.pipe()
      expectFailure(.resolve, .notSocket) { _ = try e.local(pipe.first) }
      expectFailure(.resolve, .notSocket) { _ = try e.peer(pipe.first) }
      let pair = try TestSystem.socketPair()
      expectFailure(.resolve, .socketNotConnected) { _ = try e.peer(pair.first) }
    }

    @Test("A zone is an interface's name or number")
    func zones() {
      for host in ["::1%lo", "::1%1"] {
        let bound = resultFromBoth { e in
          let socket = try e.create(for: .tcp(host: host, port: 0))
          try e.bind(socket, to: .tcp(host: host, port: 0))
          return try e.local(socket).masked
        }
        #expect(bound == .success(.tcp(host: "::1", port: 1)), "\(host)")
      }
      for host in ["fe80::1%nowhere", "fe80::1%0", "fe80::1%4294967296", "fe80::1%1x", "fe80::1%+1"] {
        let created = resultFromBoth { e in
          _ = try e.create(for: .tcp(host: host, port: 0))
          return true
        }
        #expect(created == .failure(Failure(.create, Errno(rawValue: ENODEV))), "\(host)")
      }
    }

    /// A program can make such endpoints although the parser can't.
    @Test("Endpoints that no text describes are rejected alike")
    func impossibleEndpoints() {
      let long = [UInt8](repeating: UInt8(ascii: "p"), count: Limit.path + 1)
      let impossible: [(Endpoint, Cause)] = [
        (.tcp(host: "", port: 1), .name(EAI_NONAME)), (.tcp(host: "localhost", port: 1), .name(EAI_NONAME)),
        (.tcp(host: "1.2.3", port: 1), .name(EAI_NONAME)), (.tcp(host: "[::1]", port: 1), .name(EAI_NONAME)),
        (.tcp(host: String(repeating: "1", count: 300), port: 1), .name(EAI_NONAME)),
        (.unix(path: []), .syntax(.path)), (.abstract(name: []), .syntax(.path)), (.unix(path: long), .syntax(.path)),
        (.abstract(name: long), .syntax(.path)), (.unix(path: long + long + long), .syntax(.path)),
        (.pipe(path: Array("x")), .system(.addressFamilyNotSupported)),
        (.queue(name: Array("/x")), .system(.addressFamilyNotSupported)),
        (.memory(name: Array("/x")), .system(.addressFamilyNotSupported)),
      ]
      for (endpoint, cause) in impossible {
        let created = resultFromBoth { e in
          _ = try e.create(for: endpoint)
          return true
        }
        #expect(created == .failure(Failure(.create, cause)), "\(endpoint)")
        for step in [Step.bind, .connect] {
          let used = resultFromBoth { e in
            let socket = try e.create(for: .anyIPv4)
            if step == .bind {
              try e.bind(socket, to: endpoint)
            } else {
              try e.connect(socket, to: endpoint, timeout: .zero)
            }
            return true
          }
          #expect(used == .failure(Failure(step, cause)), "\(step) \(endpoint)")
        }
      }
    }

    @Test("Invalid zones are rejected alike")
    func impossibleZones() {
      for zone in ["", "0123456789abcdef", " 1", "a/b", "a\nb"] {
        let endpoint = Endpoint.tcp(host: "fe80::1%\(zone)", port: 1)
        let created = resultFromBoth { e in
          _ = try e.create(for: endpoint)
          return true
        }
        #expect(created == .failure(Failure(.create, .name(EAI_NONAME))), "\(endpoint)")
      }
    }
  }
}
