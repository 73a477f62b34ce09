extension Payload {
  /// Payloads that often cause faults: empty, with NULs, with line ends, not valid text, and with sizes near those of
  /// buffers. They contain no number that could be mistaken for a port.
  init(by random: inout SeededRandom, atMost limit: Int = Limits.fuzzed) {
    let form: (inout SeededRandom) -> Payload = random.pick([
      (30, Self.line), (25, { Payload(.text($0.pick(Self.texts))) }), (15, { Payload(.bytes($0.pick(Self.bytes))) }),
      (10, Self.anyBytes), (20, { Self.sized(&$0, limit) }),
    ])
    self = form(&random)
  }

  private static let texts = [
    "\n", "\r\n", "\r", "\0", "a", "hello\n", "hello", "hello\r\n", "hello\nworld\n", "hello\0world\n", "\nhello",
    "\n\n",
    "\r\n\r\n", "\t", " \n", "%s%n\n", "../\n", "'\"\\\n", "é\n", "日本\n", "\u{1B}[m\n", "\u{8}\u{7F}", "QUIT\r\n",
    "GET / HTTP/1.0\r\n\r\n", "",
  ]

  private static let bytes: [[UInt8]] = [
    [0], [0, 0, 0, 0], [0xFF], [0xFF, 0xFB, 0x01], [0xC3], [0xC3, 0x28], [0xFE, 0xFF], [0x80, 0x0A], [4], [0x1A],
    [0x7F],
    Array(0...255),
  ]

  private static let sizes = [
    2, 3, 127, 128, 254, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 8192, 8193, 16_384, 65_535,
    65_536, 65_537,
  ]

  private static func line(_ random: inout SeededRandom) -> Payload {
    let letters = (0..<random.within(0...12)).map { _ in Character(Unicode.Scalar(UInt8(97 + random.below(26)))) }
    return Payload(.text(String(letters) + random.pick(["\n", "\n", "\n", "\r\n", ""])))
  }

  private static func anyBytes(_ random: inout SeededRandom) -> Payload {
    let bytes = (0..<random.within(1...20)).map { _ in UInt8(random.below(256)) }
    return Payload(.bytes(bytes.map { (0x30...0x39).contains($0) ? $0 + 0x31 : $0 }))
  }

  private static func sized(_ random: inout SeededRandom, _ limit: Int) -> Payload {
    let size = random.pick(sizes.filter { $0 <= limit })
    // With its newline, made of lines, or without one.
    let unit = random.pick(["x", "x", "ab\n", "\0", "é"])
    if size <= 257, random.happens(40) { return Payload(.text(String(repeating: "x", count: size - 1) + "\n")) }
    return Payload(.text(unit), times: max(1, size / unit.utf8.count))
  }
}
