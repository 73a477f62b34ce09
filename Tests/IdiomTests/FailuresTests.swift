import CIdioms
import Glibc
import Synchronization
import Testing

@testable import Idioms

/// Errors: C and Swift give the same values.
struct FailuresTests {
  let folder = TemporaryFolder()

  @Test("The error is that of open(2), even if the log of it fails") func errnoAtOnce() throws {
    let (reader, writer) = try DescriptorsTests.pipe()
    let missing = folder.file("missing")
    for log in [writer, -1] {
      #expect(unsafe open_or_report(missing, log) == -ENOENT && openOrReport(missing, log: log) == -ENOENT)
    }
    let line = "\(missing): No such file or directory\n"
    #expect(TextTests.take(reader) == line + line)
    close(reader)
    close(writer)
    for fd in [unsafe open_or_report("/dev/null", -1), openOrReport("/dev/null", log: -1)] {
      #expect(fd >= 0)
      close(fd)
    }
  }

  @Test("An errno that is read after another call is that of the other call") func errnoLate() {
    let missing = folder.file("missing")
    let late = { () -> CInt in
      let fd = unsafe open(missing, O_RDONLY)
      _ = logText(-1, "open failed")
      return fd < 0 ? -errno : fd
    }
    #expect(late() == -EBADF)
    #expect(negativeErrno { unsafe open(missing, O_RDONLY) } == -ENOENT)
    #expect(negativeErrno { 7 as Int } == 7)
  }

  static let signals = Atomic<Int>(0)
  static let isDone = Atomic<Bool>(false)

  /// Interrupts the calling thread until a condition holds, and then acts.
  private static func interrupting(until: @escaping @Sendable () -> Bool, then act: @escaping @Sendable () -> Void)
    -> Background
  {
    var action = sigaction()
    // Without SA_RESTART a signal interrupts a call.
    unsafe action.__sigaction_handler.sa_handler = { _ in FailuresTests.signals.add(1, ordering: .relaxed) }
    precondition(unsafe sigaction(SIGUSR1, &action, nil) == 0)
    // The threads of Swift's executor block signals.
    var set = sigset_t()
    precondition(unsafe sigemptyset(&set) == 0 && sigaddset(&set, SIGUSR1) == 0)
    precondition(unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil) == 0)
    let thread = pthread_self()
    return Background {
      var count = 0
      while !until() {
        precondition(count < 10_000, "no signal interrupts the call")
        count += 1
        pthread_kill(thread, SIGUSR1)
        // Without a pause the thread would run the handler only.
        usleep(1_000)
      }
      act()
    }
  }

  @Test("A signal interrupts read(2), and does not end a read that is retried", arguments: [false, true])
  func retryInterrupted(swift: Bool) async {
    await #expect(processExitsWith: .success) { [swift] in
      let (reader, writer) = try DescriptorsTests.pipe()
      var buffer = [UInt8](repeating: 0, count: 8)
      // The plain call is interrupted.
      let first = FailuresTests.interrupting(until: { FailuresTests.isDone.load(ordering: .relaxed) }) {}
      let plain = unsafe read(reader, &buffer, 8)
      let error = errno
      FailuresTests.isDone.store(true, ordering: .relaxed)
      first.join()
      #expect(plain == -1 && error == EINTR)
      // The call that is retried returns the byte that comes after many signals.
      let start = FailuresTests.signals.load(ordering: .relaxed)
      let second = FailuresTests.interrupting(
        until: { FailuresTests.signals.load(ordering: .relaxed) > start + 20 }, then: { unsafe write(writer, [7], 1) })
      var n = 0
      if swift {
        var span = buffer.mutableSpan
        n = readSome(reader, into: &span)
      } else {
        n = unsafe read_some(reader, &buffer, 8)
      }
      second.join()
      #expect(n == 1 && buffer[0] == 7)
    }
  }

  @Test("A child's status and the errors of both functions are returned") func waitForChild() {
    for wait in [wait_child, waitChild] {
      let child = fork()
      if child == 0 { _exit(7) }
      #expect(wait(child) == 7 << 8)
      #expect(wait(child) == -ECHILD)
    }
    var buffer: [UInt8] = [0]
    var span = buffer.mutableSpan
    #expect(readSome(-1, into: &span) == Int(-EBADF))
    #expect(unsafe read_some(-1, &buffer, 1) == Int(-EBADF))
  }

  @Test("An error has its text, also an unknown one", arguments: [0, EPERM, EADDRINUSE, EHWPOISON, 999, -1])
  func errorText(error: CInt) {
    var text = [CChar](repeating: 1, count: 200)
    let length = unsafe error_text("bind", error, &text, 200)
    let swift = Idioms.errorText("bind", error)
    #expect(unsafe String(cString: &text) == swift && length == swift.utf8.count)
    #expect(unsafe error_text("bind", error, &text, 6) == -ENOBUFS)
    if error == EADDRINUSE { #expect(swift == "bind: Address already in use") }
    if error == 999 { #expect(swift == "bind: Unknown error 999") }
  }

  @Test("A file is copied as a whole, or there is no new file", arguments: [0, 1, 65_536, 200_000])
  func cleanUp(size: Int) {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 5) }
    let from = folder.file("from", containing: bytes)
    for (name, swift) in [("c", false), ("swift", true)] {
      let copy = { (from: String, to: String) in unsafe swift ? copyFile(from: from, to: to) : copy_file(from, to) }
      let to = folder.file(name)
      #expect(copy(from, to) == size && TemporaryFolder.bytes(of: to) == bytes)
      #expect(copy(from, to) == Int(-EEXIST) && TemporaryFolder.bytes(of: to) == bytes)
      #expect(copy(folder.file("none"), folder.file("new")) == Int(-ENOENT))
      // A folder can be opened, but not read.
      #expect(copy(folder.path, folder.file("new")) == Int(-EISDIR))
      #expect(TemporaryFolder.bytes(of: folder.file("new")) == nil)
    }
  }

  @Test("A fatal error is one line, has its status, and removes the file", arguments: [false, true])
  func fatalError(swift: Bool) async throws {
    let path = folder.file("made", containing: [0x31])
    let result = try await #require(processExitsWith: .exitCode(71), observing: [\.standardErrorContent]) {
      [path = path as String, swift] in
      let registered = unsafe swift ? removeAtExit(path) : remove_at_exit(path)
      let long = String(repeating: "p", count: 4096)
      let refused = unsafe swift ? removeAtExit(long) : remove_at_exit(long)
      let missing = unsafe swift ? removeAtExit("/missing") : remove_at_exit("/missing")
      guard registered == 0, refused == -ENAMETOOLONG, missing == -ENOENT else { exit(1) }
      errno = EADDRINUSE
      if swift { fatal(71, "bind") } else { unsafe CIdioms.fatal(71, "bind") }
    }
    let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains { $0.hasSuffix(": bind: Address already in use") && !$0.contains("/") })
    #expect(TemporaryFolder.bytes(of: path) == nil)
  }

  @Test("A child does not remove the file, nor the process a file that is not its own", arguments: [false, true])
  func fileOfAnother(swift: Bool) async throws {
    let path = folder.file("made", containing: [0x31])
    await #expect(processExitsWith: .exitCode(7)) { [path = path as String, swift] in
      // As long as it is open, no other file has its number.
      let own = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard unsafe own >= 0 && (swift ? removeAtExit(path) : remove_at_exit(path)) == 0 else { exit(1) }
      let child = fork()
      if child == 0 { exit(0) }
      guard waitChild(child) == 0, unsafe access(path, F_OK) == 0 else { _exit(2) }
      guard unsafe unlink(path) == 0 else { _exit(3) }
      close(unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600))
      exit(7)
    }
    #expect(TemporaryFolder.bytes(of: path) == [])
  }

  @Test("exit(3) runs no defer, and keeps the low eight bits of the status") func exits() async {
    await #expect(processExitsWith: .exitCode(1)) {
      defer { _exit(9) }
      exit(257)
    }
  }

  @Test(
    "A list has its depth, and a text that is none its error",
    arguments: [
      ("()", 1), ("(()(()))", 3), ("", -EBADMSG), ("(", -EBADMSG), (")", -EBADMSG), ("()x", -EBADMSG),
      ("(x)", -EBADMSG),
      (String(repeating: "(", count: 100) + String(repeating: ")", count: 100), 100),
      (String(repeating: "(", count: 101) + String(repeating: ")", count: 101), -E2BIG),
    ] as [(String, CInt)])
  func longJump(text: String, expected: CInt) {
    #expect(unsafe list_depth(text) == expected)
    do throws(ListError) {
      #expect(try listDepth(text) == Int(expected))
    } catch {
      #expect(expected == (error == .tooDeep ? -E2BIG : -EBADMSG))
    }
  }

  @Test(
    "An address is made, and the error of a name is none of errno",
    arguments: [
      ("127.0.0.1", "80", 0), ("::1", "0", 0), ("example", "80", EAI_NONAME), ("127.0.0.1", "http", EAI_NONAME),
      ("1.2.3.999", "80", EAI_NONAME), ("", "80", EAI_NONAME),
    ] as [(String, String, CInt)])
  func nameErrors(host: String, port: String, code: CInt) {
    var address = sockaddr_storage()
    let c = unsafe numeric_address(host, port, &address)
    #expect(c.code == code && c.is_name == (code == 0 ? 0 : 1))
    do throws(NetworkFailure) {
      let swift = try numericAddress(host, port)
      #expect(
        unsafe withUnsafeBytes(of: address) { unsafe Array($0) } == withUnsafeBytes(of: swift) { unsafe Array($0) })
      #expect(code == 0)
    } catch {
      #expect(unsafe error == .name(code: code) && error.text == String(cString: failure_text(c)))
    }
  }

  @Test("EAI_NONAME is the number of -ENOENT, and has another text") func sameNumber() {
    #expect(EAI_NONAME == -ENOENT)
    #expect(NetworkFailure.name(code: EAI_NONAME).text == "Name or service not known")
    #expect(NetworkFailure.system(errno: ENOENT).text == "No such file or directory")
    #expect(unsafe String(cString: failure_text(failure(is_name: 0, code: ENOENT))) == "No such file or directory")
  }
}
