internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ServerTests {
    @Test("Port 0 becomes a real port", arguments: EngineName.allCases, [Transport.ipv4, .ipv6])
    func portZero(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let target = try transport.makeEndpoint()
      let server = try e.openServer([target.endpoint], backlog: 1, observer: nil)
      #expect(server.endpoint.port != 0)
      #expect(try e.local(server.descriptor) == server.endpoint)
      #expect(server.file == nil)
      try e.close(server)
    }

    @Test(
      "An endpoint that is in use is refused until its server closes", arguments: EngineName.allCases,
      Transport.allCases)
    func addressInUse(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let target = try transport.makeEndpoint()
      let server = try e.openServer([target.endpoint], backlog: 1, observer: nil)
      let taken = server.endpoint
      let extra = try e.create(for: taken)
      expectFailure(.bind, .addressInUse) { try e.bind(extra, to: taken) }
      expectFailure(.bind, .addressInUse, at: taken) { _ = try e.openServer([taken], backlog: 1, observer: nil) }
      try e.close(server)
      try e.close(try e.openServer([taken], backlog: 1, observer: nil))
    }

    /// The server closed first, so its end of the connection remains in TIME_WAIT.
    @Test("A port can be used again at once", arguments: EngineName.allCases, [Transport.ipv4, .ipv6])
    func reusePort(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let target = try transport.makeEndpoint()
      let server = try e.openServer([target.endpoint], backlog: 1, observer: nil)
      let endpoint = server.endpoint
      let client = try RawPeer(to: endpoint)
      let connection = try e.awaitClient(server.descriptor)
      try e.close(connection.release())
      #expect(try client.receiveToEnd() == [])
      try e.close(server)
      // A socket without SO_REUSEADDR can't bind yet, which shows that the connection is in TIME_WAIT.
      #expect(throws: Errno.addressInUse) { try TestSystem.bind(TestSystem.socket(for: endpoint), to: endpoint) }
      let again = try e.openServer([endpoint], backlog: 1, observer: nil)
      #expect(again.endpoint == endpoint)
    }

    @Test("Accepting does not wait", arguments: EngineName.allCases, Transport.allCases)
    func accept(_ which: EngineName, _ transport: Transport) throws {
      let e = which.engine
      let target = try transport.makeEndpoint()
      let server = try e.openServer([target.endpoint], backlog: 1, observer: nil)
      #expect(try e.accept(server.descriptor) == nil)
      try e.close(server)
    }

    @Test("Addresses that can't be used fail alike")
    func unusableAddresses() {
      let cases: [(Endpoint, Failure)] = [
        (.tcp(host: "192.0.2.77", port: 0), Failure(.bind, .addressNotAvailable)),
        (.tcp(host: "2001:db8::77", port: 0), Failure(.bind, .addressNotAvailable)),
        (.tcp(host: "localhost", port: 0), Failure(.create, .name(EAI_NONAME))),
        (.unix(path: Array("/no such folder/socket")), Failure(.bind, .noSuchFileOrDirectory)),
        (.unix(path: Array("/dev/null/socket")), Failure(.bind, .notDirectory)),
      ]
      for (endpoint, expected) in cases {
        let opened = resultFromBoth { e in
          try e.close(try e.openServer([endpoint], backlog: 1, observer: nil))
          return true
        }
        #expect(opened == .failure(Failure(expected.step, expected.cause, at: endpoint)))
      }
    }

    @Test("A Unix socket without a name can't listen")
    func unboundListen() {
      let listened = resultFromBoth { e in
        let socket = try e.create(for: .abstract(name: [1]))
        try e.listen(socket, backlog: 1)
        return true
      }
      #expect(listened == .failure(Failure(.listen, .invalidArgument)))
    }

    @Test("The first candidate that works is used", arguments: EngineName.allCases)
    func candidates(_ which: EngineName) throws {
      let e = which.engine
      let wrong = Endpoint.tcp(host: "192.0.2.77", port: 0)
      let server = try e.openServer([wrong, .anyIPv6, .anyIPv4], backlog: 1, observer: nil)
      #expect(server.endpoint.masked == .tcp(host: "::1", port: 1))
      expectFailure(.bind, .addressInUse, at: server.endpoint) {
        _ = try e.openServer([wrong, server.endpoint], backlog: 1, observer: nil)
      }
      expectFailure(.bind, .addressNotAvailable) { _ = try e.openServer([], backlog: 1, observer: nil) }
    }

    @Test("A server on * accepts clients of both IP versions, and reports an IPv4 client as IPv4")
    func wildcard() throws {
      let seen = try fromBoth { which in
        let e = which.engine
        let server = try e.openServer([.tcp(host: "*", port: 0)], backlog: 2, observer: nil)
        let port = try #require(server.endpoint.port)
        #expect(port != 0 && server.endpoint == .tcp(host: "*", port: port))
        var seen: [Endpoint] = []
        for host in ["127.0.0.1", "::1"] {
          let client = try RawPeer(to: .tcp(host: host, port: port))
          let connection = try e.awaitClient(server.descriptor)
          #expect(try e.local(connection.descriptor) == .tcp(host: host, port: port))
          #expect(try e.peer(connection.descriptor) == connection.endpoint)
          seen.append(connection.endpoint.masked)
          _ = consume client
        }
        try e.close(server)
        return seen
      }
      #expect(seen == [.tcp(host: "127.0.0.1", port: 1), .tcp(host: "::1", port: 1)])
    }

    @Test("On a system without IPv6 a server on * listens on all IPv4 addresses")
    func wildcardWithoutIPv6() throws {
      let accepted = try fromBoth { which in
        let e = which.engine
        let faults = [Fault.fail(.FAULTS_SOCKET, .addressFamilyNotSupported)]
        FaultInjection.start(faults)
        let server = try e.openServer([.tcp(host: "*", port: 0)], backlog: 1, observer: nil)
        FaultInjection.end(faults)
        let client = try RawPeer(to: .tcp(host: "127.0.0.1", port: server.endpoint.port ?? 0))
        let connection = try e.awaitClient(server.descriptor)
        _ = consume client
        return [server.endpoint.masked, connection.endpoint.masked]
      }
      #expect(accepted == [.tcp(host: "0.0.0.0", port: 1), .tcp(host: "127.0.0.1", port: 1)])
    }

    @Test("The kernel checks clients that an opened or an adopted listener accepts, unless the time is 0")
    func keepAlive() throws {
      for (time, options) in [(600, [1, 600, 15, 4]), (7, [1, 7, 7, 4]), (0, [0])] as [(Int, [CInt])] {
        for transport in [Transport.ipv4, .ipv6] {
          let target = try transport.makeEndpoint()
          let listening = ListenOptions(backlog: 1, keepAlive: .seconds(time))
          let inherited = try fromBoth { which in
            let opened = try which.engine.openServer([target.endpoint], listening, observer: nil)
            let other = try RawListener(at: target.endpoint)
            let adopted = try which.engine.adopt(other.socket.number, listening)
            return try Self.keepAliveOptions(opened, which) + Self.keepAliveOptions(adopted, which)
          }
          #expect(inherited == options + options, "\(time)")
        }
      }
      let tooLong = ListenOptions(keepAlive: Limit.keepAlive + .seconds(1))
      let opened = resultFromBoth { e in
        _ = try e.openServer([.anyIPv4], tooLong, observer: nil)
        return true
      }
      #expect(opened == .failure(Failure(.listen, .invalidArgument, at: .anyIPv4)))
    }

    /// The options of a client that the server accepts: whether the kernel checks it, and if so, its times and probes.
    private static func keepAliveOptions(_ server: borrowing Server, _ which: EngineName) throws -> [CInt] {
      let peer = try RawPeer(to: server.endpoint)
      let client = try which.engine.awaitClient(server.descriptor)
      _ = consume peer
      let number = client.descriptor.number
      let isOn = try TestSystem.option(number, SOL_SOCKET, SO_KEEPALIVE)
      guard isOn != 0 else { return [isOn] }
      let times = try [TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT].map {
        try TestSystem.option(number, CInt(IPPROTO_TCP), $0)
      }
      return [isOn] + times
    }

    @Test("A socket file gets the mode that is asked for, and a mode without 0600 or beyond 0777 is refused")
    func fileMode() throws {
      for mode in [nil, 0, 0o600, 0o660, 0o777, 0o060, 0o400, 0o1600] as [UInt32?] {
        let isValid = mode == nil || mode == 0 || (mode! & 0o1600 == 0o600)
        let folder = try TemporaryFolder()
        let (path, options) = (folder.path("socket"), ListenOptions(mode: mode, group: getegid()))
        let endpoint = Endpoint.unix(path: path)
        let opened = resultFromBoth { e in
          let server = try e.openServer([endpoint], options, observer: nil)
          let file = (try? TestSystem.status(path).st_mode & 0o777) ?? 0
          try e.close(server)
          return file
        }
        let expected = mode.map { $0 == 0 ? 0o600 : $0 } ?? 0o600
        let refused = Failure(.listen, .invalidArgument, at: endpoint)
        #expect(opened == (isValid ? .success(expected) : .failure(refused)), "\(expected)")
      }
    }

    @Test("A client can't connect to *")
    func wildcardIsNoDestination() {
      let connected = resultFromBoth { e in
        _ = try e.openClient([.tcp(host: "*", port: 7)], timeout: .zero, observer: nil)
        return true
      }
      #expect(connected == .failure(Failure(.connect, Errno(rawValue: EDESTADDRREQ), at: .tcp(host: "*", port: 7))))
    }

    /// Two servers can have the same port, one over IPv4 and one over IPv6. Retries, because another process may have the port
    /// over IPv4.
    @Test("An IPv6 server accepts IPv6 clients only", arguments: EngineName.allCases)
    func ipv6Only(_ which: EngineName) throws {
      let e = which.engine
      var isSeen = false
      for _ in 1...20 where !isSeen {
        let all = try e.openServer([.tcp(host: "::", port: 0)], backlog: 1, observer: nil)
        let port = try #require(all.endpoint.port)
        guard let ipv4 = try? e.openServer([.tcp(host: "0.0.0.0", port: port)], backlog: 1, observer: nil) else {
          continue
        }
        let client = try RawPeer(to: .tcp(host: "127.0.0.1", port: port))
        #expect(try e.awaitClient(ipv4.descriptor).endpoint.masked == .tcp(host: "127.0.0.1", port: 1))
        #expect(try e.accept(all.descriptor) == nil)
        _ = consume client
        isSeen = true
      }
      #expect(isSeen)
    }
  }
}
