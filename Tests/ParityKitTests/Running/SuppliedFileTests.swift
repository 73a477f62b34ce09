import Testing

@testable import ParityKit

extension Judge {
  /// Files that each run of a program gets in its folder.
  @Suite struct SuppliedFileTests {
    /// Writes a file, and passes its path to the closure.
    private static func with<Result>(_ text: String, _ body: (String) async throws -> Result) async throws -> Result {
      try await Script.inFolder { folder in
        _ = try await Script.output("sh", ["-c", "printf \"$1\" > \"$2\"", "-", text, "\(folder)/conf"])
        return try await body("\(folder)/conf")
      }
    }

    /// Plays a shell command that has the file as `conf`.
    private static func play(_ command: String, _ path: String) throws -> Transcript {
      var program = Program(words: ["sh", "-c", command])
      program.files = [try SuppliedFile(path)]
      return program.play(Scenario("file", role: .filter, steps: [.waitForExit()]))
    }

    @Test("The names of a run are replaced in a file, and nothing else is")
    func filling() async throws {
      try await Self.with("{port} {dir} {host} {socket} {ports} {{port}} {\\\\n") { path in
        let output = try Self.play("cat conf", path).output
        #expect(
          String(decoding: output, as: UTF8.self) == "{port} {dir} 127.0.0.1 {dir}/socket {ports} {{port}} {\\n")
      }
    }

    @Test("A file with a NUL byte is copied as it is")
    func binary() async throws {
      try await Self.with("{port}\\0{dir}") { path in
        let output = try Self.play("wc -c < conf", path).output
        #expect(output == Array("12\n".utf8))
      }
    }

    @Test(
      "A supplied file is left over only if the program changes or removes it",
      arguments: [
        ("true", []), ("cat conf > copy", ["file copy"]), ("echo x >> conf", ["file conf"]),
        ("chmod 600 conf", ["file conf"]), ("rm conf", ["removed: file conf"]),
        ("rm conf; mkdir conf", ["folder conf", "removed: file conf"]),
      ])
    func leftovers(command: String, left: [String]) async throws {
      try await Self.with("port {port}\\n") { path in
        let transcript = try Self.play(command, path)
        #expect(transcript.leftovers == left)
      }
    }

    @Test("A file may have a name with folders, which are no leftovers")
    func folders() async throws {
      try await Self.with("x") { path in
        var program = Program(words: ["sh", "-c", "cat a/b/c a/d; touch a/new"])
        program.files = try SuppliedFile.list(["\(path)=a/b/c", "\(path)=a/d"])
        let transcript = program.play(Scenario("folders", role: .filter, steps: [.waitForExit()]))
        #expect(transcript.output == Array("xx".utf8))
        #expect(transcript.leftovers == ["file a/new"])
      }
    }

    @Test(
      "A folder, a bad name, and two files of one name are refused",
      arguments: [
        (["/tmp"], "/tmp: is a folder; allowed: files, each with its own name: --file /tmp/FILE=tmp/FILE"),
        (["/no/file"], "/no/file: can't be read"), (["/dev/zero=a"], "/dev/zero: is too large; allowed: 4194304 bytes"),
        (["/etc/passwd=../a"], "/etc/passwd: \"../a\" is not a path in the run's folder; allowed: NAME, FOLDER/NAME"),
        (["/etc/passwd=/a"], "/etc/passwd: \"/a\" is not"), (["/etc/passwd="], "/etc/passwd: \"\" is not"),
        (["/etc/passwd=socket"], "/etc/passwd: {socket} has the name \"socket\""),
        (["/etc/passwd", "/etc/passwd"], "/etc/passwd: the run's folder has \"passwd\" already"),
        (["/etc/passwd=a/b", "/etc/group=a"], "/etc/group=a: the run's folder has \"a/b\" already"),
      ])
    func refused(options: [String], message: String) {
      let error = #expect(throws: InputError.self) { try SuppliedFile.list(options) }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test("The file of a difference and the command that repeats it name supplied files")
    func replay() async throws {
      try await Self.with("x") { path in
        var (left, right) = (try Program("left {port}"), try Program("right {port}"))
        left.files = try SuppliedFile.list([path, "\(path)=other"])
        right.files = try SuppliedFile.list([path])
        var scenario = Scenario("replayed", steps: [.connect("a")])
        scenario.replay = ReplayRecipe(left, right, channels: [.wire], timeout: 5)
        #expect(try Scenario(yaml: scenario.yaml) == scenario, "\(scenario.yaml)")
        let comparison = Comparison(left, right, scenarios: [scenario])
        #expect(
          comparison.replay(comparison, scenario).joined(separator: " ").contains(
            "--file \(path) --file \(path)=other --"))
      }
    }
  }

  @Suite struct SuppliedFilePairTests {
    @Test("Both programs of a pair get their files in one folder")
    func pairs() async throws {
      try await Script.inFolder { folder in
        _ = try await Script.output("sh", ["-c", "echo '{port}' > \"$1/conf\"", "-", folder])
        var server = Program(words: ["python3", Script.path(of: "protocol_server.py"), "line", "{port}"])
        var client = Program(words: ["cat", "conf", "own"])
        server.files = try SuppliedFile.list(["\(folder)/conf"])
        client.files = try SuppliedFile.list(["\(folder)/conf", "\(folder)/conf=own"])
        #expect(PairRun(server, client, input: "").client.output == Array("{port}\n{port}\n".utf8))
      }
    }
  }
}
