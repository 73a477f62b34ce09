import ParityKit
import Testing

/// parity record: the session between clients and a server becomes a scenario.
extension Judge {
  @Suite struct RecorderTests {
    /// Runs a session of `record.py`. Returns what the clients and the recorder print, and the scenario.
    private func record(
      _ session: String, fault: String = "none", _ options: [String] = []
    ) async throws -> (messages: [Substring], yaml: String) {
      let programs = [try await Script.product("parity"), try await Script.product("faulty")]
      let text = try await Script.run("record.py", programs + [fault, session] + options)
      let start = try #require(text.firstRange(of: "name: session\n") ?? text.firstRange(of: "none\n"))
      return (text[..<start.lowerBound].split(separator: "\n"), String(text[start.lowerBound...]))
    }

    @Test("A recorded session can be played at once")
    func session() async throws {
      let session = try await record("interleaved")
      #expect(session.messages == ["b'hello'", "b'\\x00\\xff'", "0 "])
      let scenario = try Scenario(yaml: session.yaml)
      let (first, second, third) = ("client-1", "client-2", "client-3")
      #expect(
        scenario.steps == [
          .connect(first), .send(first, "hel"), .settle(),
          .connect(second), .send(second, Payload(.bytes([0, 255]))), .settle(),
          .send(first, "lo"), .halfClose(first), .receive(first, .end, within: 1000), .close(first), .settle(),
          .halfClose(second), .receive(second, .end, within: 1000), .close(second), .settle(),
          .connect(third), .send(third, "gone"), .reset(third),
        ])
      #expect(try await FaultyProgram.judge("none", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("byte", scenario).differingChannels == [.wire])
    }

    @Test("A reset by the server is forwarded and recorded")
    func serverReset() async throws {
      let session = try await record("expects_reset", fault: "reset", ["--connections", "1"])
      #expect(session.messages == ["reset", "0 "])
      let scenario = try Scenario(yaml: session.yaml)
      #expect(scenario.steps.last == .receive("client-1", .end, within: 1000))
      #expect(try await FaultyProgram.judge("reset", against: "reset", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("none", against: "reset", scenario).differingChannels == [.wire])
    }

    @Test("A session that is too long is cut, and the recorder reports it")
    func longSession() async throws {
      let session = try await record("too_long", ["--connections", "1"])
      #expect(session.messages.first == "9437184")
      #expect(
        session.messages.last?.hasPrefix("2 the session has more than 8388608 bytes") == true, "\(session.messages)")
    }

    @Test("Without a connection no scenario is written")
    func noConnection() async throws {
      let session = try await record("no_client")
      #expect(session.messages == ["2 no connection arrived, so nothing was written"] && session.yaml == "none\n")
    }

    @Test("Sessions over Unix sockets are recorded")
    func unixSockets() async throws {
      let text = try await Script.run("record_unix.sh", [try await Script.product("parity")])
      #expect(text.hasPrefix("hello\n0\nlistening unix:in\nmessages\ns.yaml\nconnect: client-1\n"), "\(text)")
      #expect(text.contains("send: {peer: client-1, text: \"hello\\n\"}\n"))
    }

    @Test(
      "Endpoints are parsed, and others are rejected",
      arguments: [
        ("tcp:127.0.0.1:5000", true), ("tcp:localhost:0", true), ("tcp:[::1]:65535", true), ("unix:/tmp/x", true),
        ("tcp:127.0.0.1:65536", false), ("tcp:::1:5000", false), ("tcp:example.org:80", false), ("5000", false),
        ("unix:", false), ("tcp:[127.0.0.1]:1", false),
      ])
    func endpoints(text: String, isValid: Bool) throws {
      if isValid {
        #expect(try Endpoint(text).description == text.replacing("localhost", with: "127.0.0.1"))
      } else {
        #expect(throws: Endpoint.Malformed.self) { try Endpoint(text) }
      }
    }
  }
}
