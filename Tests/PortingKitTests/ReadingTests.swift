import Formats
import Testing

@testable import PortingKit

/// Reading: JSON in pieces, tokens of C, words of the shell, databases, and the limits.
struct ReadingTests {
  private func tokens(_ text: String, pieces: Int) throws -> [JSONToken] {
    var tokenizer = JSONTokenizer()
    var tokens: [JSONToken] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: pieces) {
      try tokenizer.take(Array(bytes[start..<min(start + pieces, bytes.count)])) { tokens.append($0) }
    }
    #expect(tokenizer.isComplete)
    return tokens
  }

  @Test("JSON has the same tokens in pieces of any size", arguments: [1, 2, 3, 7, 1000]) func pieces(size: Int) throws {
    let text = #"{"a": [1, "b\"\\\u00e9\n{", true, {}], "c:": -2.5}"#
    #expect(
      try tokens(text, pieces: size) == [
        .beginObject, .key("a"), .beginArray, .text("1"), .text("b\"\\é\n{"), .text("true"), .beginObject, .endObject,
        .endArray, .key("c:"), .text("-2.5"), .endObject,
      ])
  }

  @Test("Broken JSON is refused", arguments: ["}", "[}", #"{"a": "\uzzzz"}"#]) func broken(text: String) {
    #expect(throws: ReadError.self) { try tokens(text, pieces: 1) }
  }

  @Test("A command is split as the shell does it") func shellWords() throws {
    #expect(try ShellWords.split(#"cc -DA="b c" 'd "e' f\ g -I'' ''"#) == ["cc", "-DA=b c", #"d "e"#, "f g", "-I", ""])
    #expect(try ShellWords.split("  ") == [])
    #expect(try ShellWords.split(#"cc "-DLINE=a\nb" "-DNAME=\"a\"""#) == ["cc", #"-DLINE=a\nb"#, #"-DNAME="a""#])
    #expect(throws: ShellWords.Malformed.self) { try ShellWords.split("cc 'a") }
  }

  @Test("A database gives the flags of each file, and says which file it lacks") func database() async throws {
    let folder = try await Folder()
    let file = try folder.add("file.c", "#include <unistd.h>\nint f(void) { return CALL(); }\n")
    let list = try folder.add(
      "compile_commands.json",
      """
      [{"directory": "\(folder.path)", "file": "file.c", "command": "cc -DCALL=fork -c -o file.o file.c -Werror"},
       {"directory": "\(folder.path)", "file": "x.cc", "arguments": ["c++", "x.cc"], "output": "x.o"}]
      """)
    let database = try CompilationDatabase(path: list)
    #expect(try database.units([]).map(\.flags) == [["-DCALL=fork"]])
    let units = try database.units([file], and: ["-O2"])
    #expect(units.map(\.flags) == [["-DCALL=fork", "-O2"]] && units.map(\.name) == [file])
    let report = await Report(of: units, with: try Clang())
    #expect(report.errors == [])
    #expect(report.findings.map(\.rule.idiom) == ["ForkPerClient"])
    #expect(report.findings.first?.places.map(\.file) == [file])
    #expect(throws: ReadError(folder.path + "/other.c", "\(list) has no entry for it")) {
      try database.units([folder.path + "/other.c"])
    }
    try await folder.remove()
  }

  @Test("A text that is no database is refused", arguments: ["", "{}", "[", "[]", "[[[[[1]]]]]"])
  func noDatabase(text: String) async throws {
    let folder = try await Folder()
    let list = try folder.add("list.json", text)
    #expect(throws: ReadError.self) { try CompilationDatabase(path: list) }
    try await folder.remove()
  }

  @Test("A file that clang can't read is an error with clang's words, and the other files are read") func errors()
    async throws
  {
    let folder = try await Folder()
    let bad = try folder.add("bad.c", "int f(void) { return missing; }\n")
    let good = try folder.add("good.c", "#include <unistd.h>\nint f(void) { return fork(); }\n")
    let stopped = try folder.add("stopped.c", "#error no such system\n")
    let words = await Report(of: [Unit(name: stopped, flags: [])], with: try Clang()).errors.first?.why ?? ""
    #expect(words.contains("\(stopped):1:2: error: no such system"))
    let units = [bad, good, folder.path + "/none.c"].map { Unit(name: $0, flags: []) }
    let report = await Report(of: units, with: try Clang())
    #expect(!report.isComplete && report.errors.count == 2)
    #expect(report.errors.first?.why.contains("use of undeclared identifier 'missing'") == true)
    #expect(report.errors.last?.why.contains("No such file") == true)
    #expect(report.findings.map(\.rule.idiom) == ["ForkPerClient"])
    try await folder.remove()
  }

  @Test("Nodes are nested up to the limit, and an error names it") func depth() async throws {
    func sum(_ terms: Int) -> String {
      "int f(int a) {\n  return a" + String(repeating: " + a", count: terms) + ";\n}\n"
    }
    #expect(try await Checked(sum(Limit.depth / 2)).report.errors == [])
    let errors = try await Checked(sum(Limit.depth * 5 / 4)).report.errors
    #expect(errors.first?.why.contains("more than \(Limit.depth) nodes are nested") == true, "\(errors)")
  }

  @Test("A file that is too large is an error that names the limit") func largeFile() async throws {
    let folder = try await Folder()
    let file = try folder.add("large.c", String(repeating: "/", count: 1001))
    #expect(throws: ReadError(file, "the file is larger than 0 MiB")) { try Files.read(file, limit: 1000) }
    #expect(try Files.read(file, limit: 1001).count == 1001)
    try await folder.remove()
  }

  @Test("A compiler that does not exist is an error that names it") func noClang() {
    #expect(throws: ReadError("/none/clang", "there is no such program")) { try Clang(path: "/none/clang") }
  }
}
