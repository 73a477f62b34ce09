import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Text: C and Swift give the same values.
struct TextTests {
  @Test("A name fills its array, and one more byte is refused", arguments: [0, 1, 64, 65, 4096])
  func charArray(length: Int) {
    let name = String(repeating: "é", count: length / 2) + String(repeating: "n", count: length % 2)
    var (c, swift) = (utsname(), utsname())
    let result = unsafe node_name_set(&c, name)
    #expect(setNodeName(&swift, name) == result && result == (length < 65 ? 0 : -ENAMETOOLONG))
    #expect(Self.bytes(c) == Self.bytes(swift))
    #expect(Self.name(c, size: 65) == (result == 0 ? name : "") && nodeName(swift) == Self.name(c, size: 65))
  }

  @Test("An array without a NUL ends at its size") func fullArray() {
    var machine = utsname()
    _ = unsafe withUnsafeMutableBytes(of: &machine.nodename) {
      unsafe $0.initializeMemory(as: UInt8.self, repeating: 0x78)
    }
    unsafe withUnsafeMutableBytes(of: &machine.release) { unsafe $0[0] = 0x79 }
    let name = String(repeating: "x", count: 65)
    #expect(nodeName(machine) == name && Self.name(machine, size: 66) == name)
    #expect(Self.name(machine, size: 65) == nil)
  }

  private static func bytes(_ machine: utsname) -> [UInt8] {
    unsafe withUnsafeBytes(of: machine) { unsafe Array($0) }
  }

  /// The name as C gets it into an array of a size, or nil if it does not fit.
  private static func name(_ machine: utsname, size: Int) -> String? {
    var (machine, name) = (machine, [CChar](repeating: 1, count: size))
    let result = unsafe node_name_get(&machine, &name, size)
    #expect(result >= 0 || result == -ENOBUFS)
    return result < 0 ? nil : unsafe String(cString: &name)
  }

  @Test(
    "A line has its arguments formatted, ends with a newline, and is cut", arguments: [0, 10, 1022, 1023, 1024, 3_000])
  func formatText(length: Int) throws {
    let (reader, writer) = try DescriptorsTests.pipe()
    let text = String(repeating: "x", count: length)
    let expected = (text + "-007").prefix(1023) + "\n"
    for swift in [false, true] {
      let result = unsafe text.withCString { text in
        unsafe swift
          ? logLine(writer, "%s-%03d", text, 7)
          : withVaList([text, 7]) { unsafe log_line_v(writer, "%s-%03d", $0) }
      }
      #expect(Self.take(reader) == expected && result == expected.utf8.count)
    }
    #expect(logText(writer, text + "-007") == expected.utf8.count && Self.take(reader) == expected)
    // What a client sends is no format.
    #expect(logText(writer, "%s%n") == 5 && Self.take(reader) == "%s%n\n")
    close(reader)
    close(writer)
    #expect(logLine(-1, "%d", 1) == -EBADF && logText(-1, "") == -EBADF)
    #expect(unsafe withVaList([1]) { unsafe log_line_v(-1, "%d", $0) } == -EBADF)
  }

  /// Reads what is in a pipe, once.
  static func take(_ reader: CInt) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let n = unsafe read(reader, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(n, 0)), as: UTF8.self)
  }

  @Test(
    "A port is digits only, and at most 65535",
    arguments: [
      "0", "80", "65535", "65536", "00080", "", " 80", "+80", "-1", "80x", "8 0", "0x50", "٣",
      "99999999999999999999", "99999999999999999999x",
    ])
  func parseNumber(text: String) {
    var (c, swift) = (UInt16(7), UInt16(7))
    let result = unsafe parse_port(text, &c)
    #expect(parsePort(text, &swift) == result && c == swift)
    let expected: UInt16? = ["0": 0, "80": 80, "65535": 65535, "00080": 80][text]
    #expect(c == expected ?? 7 && (result == 0) == (expected != nil))
    #expect((result == -ERANGE) == ["65536", "99999999999999999999"].contains(text))
  }

  static func narrow(_ text: String) -> UInt16 { UInt16(unsafe strtol(text, nil, 10)) }

  @Test("strtol accepts an empty text, spaces and signs, and a conversion of -1 traps") func parseNumberNaive() async {
    #expect(Self.narrow("") == 0 && Self.narrow(" 80") == 80 && Self.narrow("+80x") == 80)
    #expect(UInt16("+80") == 80 && UInt16(" 80") == nil)
    await #expect(processExitsWith: .failure) { print(TextTests.narrow("-1")) }
  }

  @Test(
    "A command has the same words", arguments: ["", " \t", "a", " set  name=value\r\n", "é ü\tß", "a\nb\rc", "=a=b="])
  func splitWords(line: String) {
    var bytes = line.utf8CString.map { $0 }
    var words = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: 8)
    var values: [String?] = []
    let c: [String] = unsafe bytes.withUnsafeMutableBufferPointer {
      let count = unsafe split_words($0.baseAddress!, &words, 8)
      return unsafe words.prefix(Int(count)).map { word in
        let text = unsafe String(cString: word!)
        unsafe values.append(split_value(word!).map { unsafe String(cString: $0) })
        return text
      }
    }
    #expect(Idioms.splitWords(line).map(String.init) == c)
    #expect(Idioms.splitWords(line).map { Idioms.splitValue($0).map { String($0.value) } } == values)
    if line == "=a=b=" { #expect(values == ["a=b="] && Idioms.splitValue(Idioms.splitWords(line)[0])?.name == "") }
  }

  @Test("A carriage return and a newline are one character, which a string is not split at") func carriageReturn() {
    #expect("a\r\nb".split(separator: "\n").count == 1 && Idioms.splitWords("a\r\nb") == ["a", "b"])
  }
}
