import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Files, times and terminals: C and Swift give the same values.
struct TextStreamsTests {
  let folder = TemporaryFolder()

  @Test(
    "Each line of a file is complete, also a long one, one with a NUL, and a last one without a newline",
    arguments: ["", "\n", "a", "a\n", "a\nb", "\n\na\0b\n", String(repeating: "x", count: 10_000) + "\ny"])
  func readLines(text: String) {
    let path = folder.file("lines", containing: Array(text.utf8))
    var (c, swift): ([[UInt8]], [[UInt8]]) = ([], [])
    let count = Self.lines(path, &c)
    #expect(Idioms.readLines(path) { swift.append($0) } == count && swift == c)
    var expected = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) }
    if expected.last == [] { expected.removeLast() }
    #expect(c == expected && count == expected.count)
  }

  /// The lines that the C function gives, and its result.
  static func lines(_ path: String, _ lines: inout [[UInt8]]) -> CInt {
    unsafe withUnsafeMutablePointer(to: &lines) { context in
      let each: @convention(c) (UnsafePointer<CChar>, Int, UnsafeMutableRawPointer?) -> Void = {
        line, length, context in
        let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: line, count: length))
        unsafe context!.assumingMemoryBound(to: [[UInt8]].self).pointee.append(bytes)
      }
      return unsafe read_lines(path, each, context)
    }
  }

  @Test("A missing file and a folder are reported") func readLinesRefused() {
    for (path, error) in [(folder.file("none"), ENOENT), (folder.path, EISDIR)] {
      #expect(unsafe read_lines(path, { _, _, _ in }, nil) == -error)
      #expect(Idioms.readLines(path) { _ in } == -error)
    }
  }

  @Test("A message is one line on standard error, and errno remains", arguments: [false, true])
  func standardError(swift: Bool) async throws {
    let result = try await #require(processExitsWith: .exitCode(5), observing: [\.standardErrorContent]) {
      [swift] in
      errno = 5
      let error = EADDRINUSE
      if swift { Idioms.complain("server", "bind", error) } else { unsafe CIdioms.complain("server", "bind", error) }
      exit(errno)
    }
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("server: bind: Address already in use\n"))
  }

  @Test(
    "A time is text in UTC with milliseconds",
    arguments: [
      (0, 0, "1970-01-01T00:00:00.000Z"), (1_234_567_890, 999_999_999, "2009-02-13T23:31:30.999Z"),
      (-1, 1_000_000, "1969-12-31T23:59:59.001Z"), (951_782_400, 5, "2000-02-29T00:00:00.000Z"), (Int.max, 0, nil),
    ] as [(Int, Int, String?)])
  func timeText(seconds: Int, nanoseconds: Int, expected: String?) {
    var time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
    var text = [CChar](repeating: 1, count: 64)
    let result = unsafe time_text(&time, &text, 64)
    #expect(Idioms.timeText(time) == expected)
    guard let expected else { return #expect(result == -EOVERFLOW) }
    #expect(unsafe String(cString: &text) == expected && result == expected.utf8.count)
    #expect(unsafe time_text(&time, &text, 24) == -ENOBUFS && time_text(&time, &text, 5) == -ENOBUFS)
  }

  @Test("The time of now is between two others") func now() throws {
    var text = [CChar](repeating: 0, count: 64)
    let before = try #require(nowText())
    #expect(unsafe now_text(&text, 64) == 24)
    let after = try #require(nowText())
    let c = unsafe String(cString: &text)
    #expect(before <= c && c <= after)
  }

  @Test("A raw terminal passes each key without an echo, and is restored", arguments: [false, true])
  func terminalMode(swift: Bool) throws {
    var (keyboard, terminal): (CInt, CInt) = (-1, -1)
    try #require(unsafe openpty(&keyboard, &terminal, nil, nil, nil) == 0)
    defer {
      close(keyboard)
      close(terminal)
    }
    var (original, before, after) = (termios(), termios(), termios())
    #expect(unsafe tcgetattr(terminal, &original) == 0)
    let result = unsafe swift ? terminalRaw(terminal, &before) : terminal_raw(terminal, &before)
    #expect(result == 0 && Self.same(before, original))
    for descriptor in [keyboard, terminal] { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    var byte: UInt8 = 0
    // A key without a newline arrives, and the terminal prints nothing.
    #expect(unsafe write(keyboard, [0x71], 1) == 1)
    #expect(unsafe Self.waits(terminal) && read(terminal, &byte, 1) == 1 && byte == 0x71)
    #expect(unsafe read(keyboard, &byte, 1) == -1)
    #expect(unsafe tcgetattr(terminal, &after) == 0)
    #expect(after.c_lflag == original.c_lflag & ~tcflag_t(ICANON | ECHO))
    #expect(unsafe withUnsafeBytes(of: after.c_cc) { unsafe $0[Int(VMIN)] == 1 && $0[Int(VTIME)] == 0 })
    let restored = unsafe swift ? terminalRestore(terminal, before) : terminal_restore(terminal, &before)
    #expect(unsafe restored == 0 && tcgetattr(terminal, &after) == 0 && Self.same(after, original))
  }

  /// Whether a descriptor is readable within ten seconds.
  private static func waits(_ fd: CInt) -> Bool {
    var entry = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 10_000) == 1
  }

  private static func same(_ a: termios, _ b: termios) -> Bool {
    unsafe withUnsafeBytes(of: a) { a in unsafe withUnsafeBytes(of: b) { b in unsafe a.elementsEqual(b) } }
  }

  @Test("A file and a closed descriptor are no terminals") func noTerminal() {
    let null = unsafe open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    var mode = termios()
    for (fd, error) in [(null, ENOTTY), (-1, EBADF)] {
      #expect(unsafe terminal_raw(fd, &mode) == -error && terminalRaw(fd, &mode) == -error)
      #expect(unsafe terminal_restore(fd, &mode) == -error && terminalRestore(fd, mode) == -error)
    }
  }

  @Test(
    "A line with a length is complete, incomplete or wrong",
    arguments: [
      ("0\n", 2, 0), ("4096\r\nabc", 6, 4096), ("99999999\n", 9, 99_999_999), ("999999999\n", -EBADMSG, 7),
      ("", -EAGAIN, 7), ("12", -EAGAIN, 7), ("12\r", -EAGAIN, 7), ("\n", -EBADMSG, 7), ("1\r1\n", -EBADMSG, 7),
      (" 1\n", -EBADMSG, 7), ("-1\n", -EBADMSG, 7), ("1é\n", -EBADMSG, 7), ("00000001\n", 9, 1),
    ] as [(String, CInt, UInt32)])
  func byteClasses(line: String, result: CInt, value: UInt32) {
    var (c, swift): (UInt32, UInt32) = (7, 7)
    #expect(unsafe length_line(line, line.utf8.count, &c) == result && c == value)
    #expect(lengthLine(Array(line.utf8).span, &swift) == result && swift == value)
  }
}
