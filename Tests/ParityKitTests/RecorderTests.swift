import ParityKit
import Subprocess
import SystemPackage
import Testing

/// A recorded session is a scenario that can be played at once.
extension Judge {
  @Suite struct RecorderTests {
    /// Starts a server, the recorder before it, and clients; the file of the session is the result's first line.
    private static let script = """
      import os, signal, socket, struct, subprocess, sys, tempfile, time
      parity, faulty, fault, options = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split()
      folder = tempfile.mkdtemp()
      own = socket.socket(); own.bind(('127.0.0.1', 0)); port = own.getsockname()[1]; own.close()
      server = subprocess.Popen([faulty, 'server', str(port), fault])
      for _ in range(1000):
          try: socket.create_connection(('127.0.0.1', port)).close(); break
          except OSError: time.sleep(.01)
      recorder = subprocess.Popen([parity, 'record', '--listen', 'tcp:127.0.0.1:0', '--forward', f'tcp:127.0.0.1:{port}',
                                   '-o', f'{folder}/session.yaml'] + options, stderr=subprocess.PIPE, text=True)
      place = ('127.0.0.1', int(recorder.stderr.readline().rsplit(':', 1)[1]))
      def connect(): return socket.create_connection(place)
      def rest(client):
          said = b''
          while more := client.recv(65536): said += more
          return said
      def reset(client):
          client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); client.close()
      """

    private static let ending = """

      if not options: recorder.send_signal(signal.SIGINT)
      print(recorder.wait(20), recorder.stderr.read().strip())
      server.kill(); server.wait()
      print(open(f'{folder}/session.yaml').read() if os.path.exists(f'{folder}/session.yaml') else 'none')
      subprocess.run(['rm', '-r', folder])
      """

    /// What the clients print, how the recorder ended, and the scenario.
    private func record(
      _ clients: String, fault: String = "none", _ options: String = ""
    ) async throws -> (said: [Substring], yaml: String) {
      let folder = try await FaultyProgram.products()
      let paths = [folder.appending("parity").string, folder.appending("faulty").string]
      let said = try await FaultyProgram.output(
        "timeout", ["60", "python3", "-c", Self.script + clients + Self.ending] + paths + [fault, options])
      let start = try #require(said.firstRange(of: "name: session\n") ?? said.firstRange(of: "none\n"))
      return (said[..<start.lowerBound].split(separator: "\n"), String(said[start.lowerBound...]))
    }

    @Test func aSessionCanBePlayedAtOnce() async throws {
      let session = try await record(
        """

        first = connect(); first.sendall(b'hel'); time.sleep(.1)
        second = connect(); second.sendall(bytes([0, 255])); time.sleep(.1)
        first.sendall(b'lo'); first.shutdown(socket.SHUT_WR); print(rest(first)); first.close(); time.sleep(.1)
        second.shutdown(socket.SHUT_WR); print(rest(second)); second.close(); time.sleep(.1)
        third = connect(); third.sendall(b'gone'); time.sleep(.1); reset(third); time.sleep(.1)
        """)
      #expect(session.said == ["b'hello'", "b'\\x00\\xff'", "0 "])
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
      #expect(try await FaultyProgram.judge("byte", scenario).parted == [.wire])
    }

    @Test func aResetByTheServerPasses() async throws {
      let session = try await record(
        """

        client = connect(); client.sendall(b'hello'); client.shutdown(socket.SHUT_WR); time.sleep(.1)
        try: rest(client); print('end')
        except ConnectionResetError: print('reset')
        """, fault: "reset", "--connections 1")
      #expect(session.said == ["reset", "0 "])
      let scenario = try Scenario(yaml: session.yaml)
      #expect(scenario.steps.last == .receive("client-1", .end, within: 1000))
      #expect(try await FaultyProgram.judge("reset", against: "reset", scenario).verdict == .same)
      #expect(try await FaultyProgram.judge("none", against: "reset", scenario).parted == [.wire])
    }

    @Test func whatIsTooLongIsCutAndSaid() async throws {
      let session = try await record(
        """

        client = connect()
        client.sendall(b'x' * (9 << 20)); client.shutdown(socket.SHUT_WR); print(len(rest(client)))
        """, "--connections 1")
      #expect(session.said.first == "9437184")
      #expect(session.said.last?.hasPrefix("2 the session has more than 8388608 bytes") == true, "\(session.said)")
    }

    @Test func nothingIsNoSession() async throws {
      let session = try await record("")
      #expect(session.said == ["2 no connection came: nothing is written"] && session.yaml == "none\n")
    }

    @Test func overUnixSockets() async throws {
      let folder = try await FaultyProgram.products()
      let script = """
        cd "$(mktemp -d)"; socat UNIX-LISTEN:server PIPE & server=$!
        until [ -S server ]; do sleep 0.01; done
        "$1" record --listen unix:in --forward unix:server --connections 1 -o s.yaml 2>said & recorder=$!
        until [ -S in ]; do sleep 0.01; done
        echo hello | nc -N -U in; wait $recorder; echo $?; wait $server; cat said; ls
        sed -n 's/^  - //p' s.yaml; rm -r "$PWD"
        """
      let said = try await FaultyProgram.output(
        "timeout", ["30", "bash", "-c", script, "-", folder.appending("parity").string])
      #expect(said.hasPrefix("hello\n0\nlistening unix:in\ns.yaml\nsaid\nconnect: client-1\n"), "\(said)")
      #expect(said.contains("send: {peer: client-1, text: \"hello\\n\"}\n"))
    }

    @Test(arguments: [
      ("tcp:127.0.0.1:5000", true), ("tcp:localhost:0", true), ("tcp:[::1]:65535", true), ("unix:/tmp/x", true),
      ("tcp:127.0.0.1:65536", false), ("tcp:::1:5000", false), ("tcp:example.org:80", false), ("5000", false),
      ("unix:", false), ("tcp:[127.0.0.1]:1", false),
    ])
    func endpoints(text: String, isOne: Bool) throws {
      if isOne {
        #expect(try Endpoint(text).description == text.replacing("localhost", with: "127.0.0.1"))
      } else {
        #expect(throws: Endpoint.Malformed.self) { try Endpoint(text) }
      }
    }
  }
}
