internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct EndpointTests {
    static let valid: [(String, Endpoint)] = [
      ("tcp:127.0.0.1:5000", .original),
      ("tcp:[::1]:0", .tcp(host: "::1", port: 0)),
      ("tcp:[fe80::1%eth0]:65535", .tcp(host: "fe80::1%eth0", port: 65_535)),
      ("tcp:[fe80::1%a+b]:1", .tcp(host: "fe80::1%a+b", port: 1)),
      ("tcp:[fe80::1%é]x%,1]:1", .tcp(host: "fe80::1%é]x%,1", port: 1)),
      ("tcp:[fe80::1%\u{301}\u{1B}[2J\u{7F}]:1", .tcp(host: "fe80::1%\u{301}\u{1B}[2J\u{7F}", port: 1)),
      ("tcp:[::ffff:1.2.3.4]:1", .tcp(host: "::ffff:1.2.3.4", port: 1)),
      ("tcp:*:0", .tcp(host: "*", port: 0)),
      ("tcp:localhost:80", .tcp(host: "localhost", port: 80)),
      ("tcp:a.b_c-d.:80", .tcp(host: "a.b_c-d.", port: 80)),
      ("tcp:1.2.3.4x:80", .tcp(host: "1.2.3.4x", port: 80)),
      ("unix:/run/hello.sock", .unix(path: Array("/run/hello.sock"))),
      ("unix:é", .unix(path: Array("é"))),
      ("unix:@name", .abstract(name: Array("name"))),
      ("unix:@\0", .abstract(name: [0])),
      ("unix:@@", .abstract(name: Array("@"))),
      ("pipe:/run/hello", .pipe(path: Array("/run/hello"))),
      ("pipe:x", .pipe(path: Array("x"))),
      ("queue:/hello", .queue(name: Array("/hello"))),
      ("memory:/é", .memory(name: Array("/é"))),
    ]

    @Test("Valid texts are parsed and formatted")
    func validTexts() {
      for (text, endpoint) in Self.valid {
        #expect(resultFromBoth { e in try e.parse(Array(text)) } == .success(endpoint), "\(text)")
        #expect(resultFromBoth { e in e.format(endpoint) } == .success(Array(text)), "\(text)")
      }
    }

    static let invalid: [(String, SyntaxError)] = [
      ("", .scheme), ("tcp", .scheme), ("TCP:a:1", .scheme), ("udp:a:1", .scheme), (" tcp:a:1", .scheme),
      ("127.0.0.1:5000", .scheme),
      ("tcp:", .host), ("tcp::80", .host), ("tcp:a..b:80", .host), ("tcp:.:80", .host), ("tcp:a b:80", .host),
      ("tcp:::1:80", .host), ("tcp:**:80", .host), ("tcp:[*]:80", .host),
      ("tcp:*.*:80", .host), ("tcp:[]:80", .host), ("tcp:[a]:80", .host), ("tcp:[::1%]:80", .host),
      ("tcp:[::1%0123456789abcdef]:80", .host), ("tcp:127.1:80", .host), ("tcp:0x7f000001:80", .host),
      ("tcp:256.0.0.1:80", .host), ("tcp:1.2.3.4.:80", .host), ("tcp:é:80", .host), ("tcp:a\0:80", .host),
      ("tcp:[::1:80", .host), ("tcp:[::g]:80", .host), ("tcp:[::1%a b]:80", .host), ("tcp:[::1%a/b]:80", .host),
      ("tcp:[::1%a:b]:80", .host), ("tcp:[::1%a\tb]:80", .host), ("tcp:[::1%a\0]:80", .host),
      ("tcp:[::1%\u{9B}]:80", .host),
      ("tcp:a", .port), ("tcp:a:", .port), ("tcp:a:65536", .port), ("tcp:a:-1", .port), ("tcp:a:+1", .port),
      ("tcp:a: 1", .port), ("tcp:a:1 ", .port), ("tcp:a:000080", .port), ("tcp:[::1]", .port), ("tcp:[::1]80", .port),
      ("tcp:[::1]:", .port), ("tcp:a:٣", .port),
      ("unix:", .path), ("unix:@", .path), ("unix:a\0b", .path),
      ("pipe:", .fifo), ("pipe:a\0", .fifo), ("queue:", .object), ("queue:/", .object), ("queue:a", .object),
      ("queue:/a/b", .object), ("queue:/a\0", .object), ("memory:hello", .object), ("memory://", .object),
    ]

    @Test("Invalid texts are rejected with the part that is wrong")
    func invalidTextsAreRefused() {
      for (text, error) in Self.invalid {
        #expect(resultFromBoth { e in try e.parse(Array(text)) } == .refused(error), "\(text)")
      }
    }

    @Test("Hosts, labels, paths and names may have their maximum length and no more")
    func lengths() {
      let labels = [String](repeating: String(repeating: "a", count: 63), count: 3).joined(separator: ".")
      let longest = labels + "." + String(repeating: "b", count: Limit.host - labels.utf8.count - 1)
      let cases: [(String, SyntaxError?)] = [
        ("tcp:\(longest):1", nil), ("tcp:\(longest)b:1", .host), ("tcp:\(String(repeating: "a", count: 64)):1", .host),
        ("unix:" + String(repeating: "p", count: Limit.path), nil),
        ("unix:" + String(repeating: "p", count: Limit.path + 1), .path),
        ("unix:@" + String(repeating: "p", count: Limit.path), nil),
        ("unix:@" + String(repeating: "p", count: Limit.path + 1), .path),
        ("pipe:" + String(repeating: "p", count: Limit.pipePath), nil),
        ("pipe:" + String(repeating: "p", count: Limit.pipePath + 1), .fifo),
        ("queue:/" + String(repeating: "p", count: Limit.objectName), nil),
        ("queue:/" + String(repeating: "p", count: Limit.objectName + 1), .object),
        ("memory:/" + String(repeating: "p", count: Limit.objectName), nil),
        ("memory:/" + String(repeating: "p", count: Limit.objectName + 1), .object),
      ]
      for (text, error) in cases {
        let result = resultFromBoth { e in e.format(try e.parse(Array(text))) }
        #expect(result == (error.map { .refused($0) } ?? .success(Array(text))))
      }
    }

    @Test("A host and a port make an endpoint")
    func hostAndPort() {
      let cases: [(String, String, Result<Endpoint, Failure>)] = [
        ("127.0.0.1", "5000", .success(.original)), ("::1", "0", .success(.anyIPv6)),
        ("[::1]", "0", .success(.anyIPv6)),
        ("localhost", "00080", .success(.tcp(host: "localhost", port: 80))), ("[]", "1", .refused(.host)),
        ("[a]", "1", .refused(.host)), ("", "", .refused(.host)), ("a", "", .refused(.port)),
        ("a", "65536", .refused(.port)), ("a", "x", .refused(.port)), ("a:1", "1", .refused(.host)),
      ]
      for (host, port, expected) in cases {
        let result = resultFromBoth { e in try e.tcp(host: Array(host), port: Array(port)) }
        #expect(result == expected, "\(host) \(port)")
      }
    }

    @Test("A formatted endpoint parses to itself")
    func roundTrip() {
      Property.validEndpoints.check { trial in
        let endpoint = trial.random.endpoint()
        try trial.compare("\(endpoint)", expected: .success(endpoint)) { e in
          outcome { try e.parse(e.format(endpoint)) }
        }
      }
    }

    @Test("Both engines parse random texts alike")
    func garbage() {
      Property.garbageEndpoints.check { trial in try Self.parse(trial.random.garbage(), &trial) }
    }

    @Test("Both engines parse almost valid texts alike")
    func mutations() {
      Property.mutatedEndpoints.check { trial in
        let text = EngineName.c.engine.format(trial.random.endpoint())
        try Self.parse(trial.random.mutated(text), &trial)
      }
    }

    /// Parses the text, and expects that the formatted endpoint parses to the same endpoint.
    private static func parse(_ text: [UInt8], _ trial: inout Trial) throws {
      try trial.compare(String(reflecting: String(decoding: text, as: UTF8.self))) { e in
        let result = outcome { try e.parse(text) }
        if case .success(let endpoint) = result {
          guard try e.parse(e.format(endpoint)) == endpoint else {
            throw Counterexample("\(e) formats \(text) as a text that parses differently")
          }
        }
        return result
      }
    }

    @Test("Both engines parse random hosts and ports alike")
    func randomHostsAndPorts() {
      Property.hostsAndPorts.check { trial in
        let (host, port) = (trial.random.garbage().dropFirst(4), trial.random.mutated(Array("5000")))
        try trial.compare("\(host) and \(port)") { e in
          outcome { try e.tcp(host: Array(host), port: port) }
        }
      }
    }
  }
}

extension Result where Failure == IPC.Failure {
  fileprivate static func refused(_ error: SyntaxError) -> Self { .failure(Failure(.resolve, .syntax(error))) }
}
