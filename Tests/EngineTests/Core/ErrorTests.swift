internal import CIPC
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct ErrorTests {
    @Test("An errno has the system's text")
    func errnos() {
      for number in CInt(1)...140 {
        let system = Errno(rawValue: number).description
        let expected = system.hasPrefix("Unknown error") ? "Unknown error" : system
        #expect(resultFromBoth { e in e.text(of: .system(Errno(rawValue: number))) } == .success(expected))
      }
      for number in [-CInt.max, -1, 0, 134, 4096, 9_999] {
        #expect(resultFromBoth { e in e.text(of: .system(Errno(rawValue: number))) } == .success("Unknown error"))
      }
    }

    /// In a process of its own, because an overflow would end the process.
    @Test("The smallest errno has a text too", arguments: EngineName.allCases)
    func leastErrno(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        #expect(which.engine.text(of: .system(Errno(rawValue: .min))) == "Unknown error")
      }
    }

    @Test("A resolver error has the system's text")
    func resolverCodes() {
      let known = [
        EAI_BADFLAGS, EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_FAMILY, EAI_SOCKTYPE, EAI_SERVICE, EAI_MEMORY, EAI_SYSTEM,
        EAI_OVERFLOW,
      ]
      for code in known + Array(-130...0) {
        #expect(resultFromBoth { e in e.text(of: .name(code)) } == .success(TestSystem.resolverText(code)))
      }
      #expect(resultFromBoth { e in e.text(of: .name(EAI_NONAME)) } == .success("Name or service not known"))
    }

    @Test("The text of a syntax error says what is allowed")
    func syntaxErrors() throws {
      let expected = [
        SyntaxError.scheme: "tcp:HOST:PORT", .host: "at most \(Limit.host)", .port: "0 to 65535",
        .path: "1 to \(Limit.path) bytes", .fifo: "1 to \(Limit.pipePath) bytes",
        .object: "1 to \(Limit.objectName) bytes",
      ]
      for error in SyntaxError.allCases {
        let text = try resultFromBoth { e in e.text(of: .syntax(error)) }.get()
        #expect(text.contains(expected[error]!), "\(text)")
      }
    }

    @Test("The text of a local error says what is wrong")
    func localErrors() throws {
      let expected = [
        LocalError.owner: "another user", .mode: "0600", .kind: "another type or format", .depth: "msg_max",
        .message: "msgsize_max",
        .queues: "queues_max", .bytes: "ulimit -q",
      ]
      for error in LocalError.allCases {
        let text = try resultFromBoth { e in e.text(of: .local(error)) }.get()
        #expect(text.contains(expected[error]!), "\(text)")
      }
    }

    @Test("Both engines have the same text for every code")
    func allCodes() {
      Property.errorTexts.check { trial in
        let cause = Cause(code: CInt(trial.index))
        try trial.compare("\(cause)") { $0.text(of: cause) }
      }
    }

    @Test("Every error code and its cause convert into each other")
    func codes() {
      for code in CInt(1)...40_000 { #expect(Cause(code: code).code == code) }
      #expect(Cause(code: ECONNREFUSED) == .system(.connectionRefused))
      #expect(Cause(code: IPC_ERROR_NAME - EAI_NONAME) == .name(EAI_NONAME))
      #expect(Cause.name(EAI_AGAIN).code == IPC_ERROR_NAME - EAI_AGAIN)
      #expect(LocalError.allCases.allSatisfy { Cause(code: $0.rawValue) == .local($0) })
      #expect(SyntaxError.allCases.allSatisfy { Cause(code: $0.rawValue) == .syntax($0) })
    }
  }
}
