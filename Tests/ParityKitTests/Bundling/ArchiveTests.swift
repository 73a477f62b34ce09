import Testing

@testable import ParityKit

/// The archive of a bundle: what is written, and what is refused.
struct ArchiveTests {
  static let files = [
    Archive.File("b/c.txt", "second\n"), Archive.File("a.txt", ""),
    Archive.File(name: "b/bytes", bytes: (0..<1500).map { UInt8(truncatingIfNeeded: $0) }),
  ]

  @Test("An archive that is read again has the same files, and the order of the files changes no byte")
  func roundTrip() throws {
    let bytes = try Archive.bytes(Self.files, "x.tar")
    #expect(bytes == (try Archive.bytes(Self.files.reversed(), "x.tar")))
    #expect(try Archive.files(in: bytes, "x.tar").map(\.name) == ["a.txt", "b/bytes", "b/c.txt"])
    #expect(Set(try Archive.files(in: bytes, "x.tar")) == Set(Self.files))
  }

  @Test("tar lists and extracts the files")
  func program() async throws {
    try await Script.inFolder { folder in
      let path = "\(folder)/x.tar"
      try Terminal.write(
        String(decoding: try Archive.bytes(Array(Self.files.prefix(2)), path), as: UTF8.self), to: path)
      let list = try await Script.output("tar", ["--utc", "-tvf", path])
      let lines = list.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
      let owner = "-rw-r--r-- 0/0"
      #expect(lines == ["\(owner) 0 1970-01-01 00:00 a.txt", "\(owner) 7 1970-01-01 00:00 b/c.txt"])
      #expect(try await Script.output("tar", ["-xOf", path, "b/c.txt"]) == "second\n")
    }
  }

  /// An archive of one file, with other bytes at an offset of its header, and the right sum.
  static func archive(_ text: String, at offset: Int) throws -> [UInt8] {
    var bytes = try Archive.bytes([Archive.File("a/b/c.txt", "text")], "x.tar")
    bytes.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    bytes.replaceSubrange(148..<156, with: "        ".utf8)
    let sum = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
    bytes.replaceSubrange(148..<154, with: (String(repeating: "0", count: 6 - sum.count) + sum).utf8)
    return bytes
  }

  @Test(
    "An entry that is no plain file inside the archive is refused with its name",
    arguments: [
      ("../", 0, "..//c.txt: its name could lead out of the archive"),
      ("/", 0, "//b/c.txt: its name could lead out of the archive"),
      ("a/.", 0, "a/./c.txt: its name could lead out of the archive"),
      ("\u{1B}", 0, "\\x1b/b/c.txt: its name could lead out of the archive"),
      ("1", 156, "a/b/c.txt: it is not a regular file"), ("2", 156, "a/b/c.txt: it is not a regular file"),
      ("5", 156, "a/b/c.txt: it is not a regular file"), ("/etc/passwd", 157, "a/b/c.txt: it is not a regular file"),
      ("..", 345, "../a/b/c.txt: its name could lead out of the archive"),
      ("77777777777", 124, "a/b/c.txt: it has more than 16777216 bytes"),
      ("00000007777", 124, "a/b/c.txt: it is cut"), ("-0000000007", 124, "a/b/c.txt: it has no size"),
      ("zip", 257, "it is not a tar archive in the format ustar"),
    ])
  func refused(text: String, offset: Int, message: String) throws {
    let bytes = try Self.archive(text, at: offset)
    let error = #expect(throws: InputError.self) { try Archive.files(in: bytes, "x.tar") }
    #expect(error?.description == "x.tar: \(message)")
  }

  @Test("A changed header, a cut archive, bytes after the end, and a name that occurs twice are refused")
  func damaged() throws {
    let bytes = try Archive.bytes([Archive.File("a", "text")], "x.tar")
    var changed = bytes
    changed[0] = UInt8(ascii: "b")
    let twice = Array(bytes[..<1024]) + bytes
    let cases = [
      (changed, "it is not a tar archive in the format ustar"), (Array(bytes[..<1024]), "the archive is cut"),
      (bytes + [1], "bytes follow the last file"), (twice, "a: it occurs twice"), ([], "the archive is cut"),
    ]
    for (bytes, message) in cases {
      let error = #expect(throws: InputError.self) { try Archive.files(in: bytes, "x.tar") }
      #expect(error?.what == message)
    }
  }

  @Test("The hash is SHA-256: the vectors of NIST")
  func digest() throws {
    let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let vectors: [([UInt8], String)] = [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]
    for (bytes, hash) in vectors { #expect(try Digest.of(bytes, for: "x") == hash) }
  }

  @Test(
    "A time is written in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_827_696, "2000-02-29T12:34:56Z"), (1_709_251_199, "2024-02-29T23:59:59Z"),
      (1_735_689_600, "2025-01-01T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
    ])
  func timestamps(seconds: Int, text: String) { #expect(Timestamp.text(seconds) == text) }
}
