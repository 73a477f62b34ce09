import CIdioms
import Glibc
import SystemPackage
import Testing

@testable import Idioms

/// The wrapper's forms that the page `Wrapper` shows.
struct WrapperTests {
  /// Takes a text that C allocated with malloc(3), and frees it.
  @safe static func takeText(_ text: UnsafeMutablePointer<CChar>?) -> String? {
    guard let text = unsafe text else { return nil }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }

  /// Calls a function that returns -1 and sets errno.
  @discardableResult
  @inline(__always)
  static func check<Result: FixedWidthInteger & SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    let result = call()
    guard result >= 0 else { throw Errno(rawValue: errno) }
    return result
  }

  /// The corresponding C function is getpriority(2), for which -1 is a valid result.
  static func niceness(of process: pid_t) throws(Errno) -> CInt {
    errno = 0
    let result = getpriority(CInt(PRIO_PROCESS.rawValue), id_t(bitPattern: process))
    let error = errno
    guard result != -1 || error == 0 else { throw Errno(rawValue: error) }
    return result
  }

  /// The corresponding C function is `file_status`, which stores both values if it returns 0.
  static func status(of path: String) throws(Errno) -> (size: off_t, changed: time_t) {
    var (size, changed) = (off_t(), time_t())
    let result = unsafe file_status(path, &size, &changed)
    guard result == 0 else { throw Errno(rawValue: -result) }
    return (size, changed)
  }

  @Test("A text that C allocated is copied and freed, and a null pointer is nil") func takesText() {
    #expect(Self.takeText(unsafe realpath("/proc/../tmp/.", nil)) == "/tmp")
    #expect(Self.takeText(unsafe realpath("/missing", nil)) == nil)
  }

  @Test("Errors of errno are thrown, also where -1 is a result") func errors() throws {
    #expect(throws: Errno.badFileDescriptor) { try Self.check { close(-1) } }
    #expect(try Self.check { getpid() } > 0)
    #expect(try Self.niceness(of: getpid()) == getpriority(CInt(PRIO_PROCESS.rawValue), 0))
    #expect(throws: Errno.noSuchProcess) { try Self.niceness(of: .max) }
  }

  @Test("A niceness of -1 is no error", .enabled(if: geteuid() == 0, "only root can lower the niceness"))
  func nicenessBelowZero() async {
    await #expect(processExitsWith: .exitCode(7)) {
      // It is the niceness of a thread.
      guard setpriority(CInt(PRIO_PROCESS.rawValue), 0, -1) == 0 else { exit(1) }
      exit(try WrapperTests.niceness(of: 0) == -1 ? 7 : 2)
    }
  }

  @Test("Out parameters are results, and an error leaves none") func outParameters() throws {
    let folder = TemporaryFolder()
    let path = folder.file("file", containing: [1, 2, 3])
    let (size, changed) = try Self.status(of: path)
    #expect(size == 3 && changed > 0)
    #expect(throws: Errno.isDirectory) { try Self.status(of: folder.path) }
  }
}
