import SystemPackage
import Testing

/// What Swift 6.3 does with C, and no manual says. A test that fails with a later compiler names the page to change.
struct FindingsTests {
  static let folder = NaiveCode.root.removingLastComponent().appending("Findings")
  static let captures = "a C function pointer cannot be formed from a closure that captures context"

  struct Result {
    let errors: [String]
    let aborts: Bool
  }

  /// Compiles a file of `Findings` with the compiler's default settings for a language mode.
  private func compile(_ file: String, mode: String = "6", _ options: [String] = []) async throws -> Result {
    let module = ["-I", Self.folder.appending("Module").string]
    let compiler = SwiftCompiler(stage: .canonicalSIL, mode: mode, options: module + options)
    let (output, aborts) = try await compiler.compile([Self.folder.appending("\(file).swift").string])
    return Result(errors: output.matches(of: /(?m): error: (.*)$/).map { String($0.1) }, aborts: aborts)
  }

  @Test(
    "A C function pointer from a closure that captures is an error, after which the compiler aborts in mode 6",
    arguments: [("CapturedThread", true), ("CapturedOrder", true), ("CapturedPointer", true), ("CapturedField", false)])
  func capturedClosures(file: String, aborts: Bool) async throws {
    let (six, five) = (try await compile(file), try await compile(file, mode: "5"))
    #expect(six.errors.first == Self.captures && five.errors == [Self.captures])
    #expect(six.aborts == aborts, "the compiler has changed: see the page StartThread")
    #expect(!five.aborts)
  }

  @Test("A module that defines _GNU_SOURCE takes the bits of fd_set away, and one that does not leaves them")
  func descriptorSets() async throws {
    let (plain, gnu) = (
      try await compile("DescriptorSet"), try await compile("DescriptorSet", ["-Xcc", "-DDEFINES_GNU_SOURCE"])
    )
    #expect(plain.errors == [])
    #expect(
      gnu.errors.contains("value of type 'fd_set' has no member '__fds_bits'"), "see the page HeaderForSwift: \(gnu)")
  }

  @Test("A @preconcurrency import permits stderr only if no plain import of the module is before it in the file")
  func preconcurrency() async throws {
    #expect(try await compile("PreconcurrencyFirst").errors == [])
    #expect(
      try await compile("PreconcurrencyLast").errors == [
        "reference to var 'stderr' is not concurrency-safe because it involves shared mutable state"
      ], "see the page StandardError")
  }

  @Test("The kind of a C constant decides its type in Swift, and six kinds of macros are lost")
  func constants() async throws {
    #expect(try await compile("Constants").errors == [], "see the page HeaderForSwift")
    let lost = ["SIZEOF", "A_CHARACTER", "A_CONSTANT", "A_CONDITION", "AN_INITIALIZER"].map { "MACRO_OF_\($0)" }
    #expect(
      try await compile("LostMacros").errors
        == (lost + ["MACRO_WITH_A_PARAMETER"]).map { "cannot find '\($0)' in scope" })
  }
}
