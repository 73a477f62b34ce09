import Testing

/// A C program of others, with a Makefile, takes a function from Swift.
struct MakefileTests {
  static let folder = "Tests/RepositoryTests/Swap/Shout"

  @Test("Four lines of a Makefile take a function from Swift, and the program prints the same") func fourLines()
    async throws
  {
    let before = try Repository.lines("\(Self.folder)/Makefile")
    let after = try Repository.lines("\(Self.folder)/swapped.mk")
    #expect(after.filter { !before.contains($0) }.count == 4)
    let build = """
      work=$(mktemp -d); trap 'rm -r "$work"' EXIT; cp "$1"/* "$work"; cd "$work"
      make -s >/dev/null; ./shout >c; rm shout ./*.o
      make -s -f swapped.mk >/dev/null; ./shout >swift
      cmp c swift && cat swift && nm --defined-only shout | cut -d' ' -f3 | grep '^text_' && nm --defined-only swift.o |
        cut -d' ' -f2,3 | grep '^T text_'
      """
    let said = try await Repository.output("timeout", ["300", "sh", "-ec", build, "-", Self.folder])
    let functions = ["text_shout", "text_upper", "text_upper_in_c", "T text_upper"]
    #expect(said.split(separator: "\n").map(String.init) == ["HELLO, 1 WORLD: 8", "THE END"] + functions)
  }
}
