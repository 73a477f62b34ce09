internal import IPC
internal import Testing

extension Engines {
  @Suite struct TextTests {
    @Test("Control characters and invalid bytes are shown in the form of vis(3)")
    func vis() {
      let cases: [([UInt8], String)] = [
        ([], ""), (Array("plain text\tand\nlines"), "plain text\tand\nlines"), ([0x1B], #"\^["#), ([0x7F], #"\^?"#),
        (Array(#"\"#), #"\134"#), ([0], #"\000"#), ([0xA0], #"\240"#), ([0xE9], #"\M-i"#), ([0x9B], #"\M^["#),
        ([0xFF], #"\M^?"#), (Array("é€😀"), "é€😀"), ([0xC2, 0x9B], #"\M-B\M^["#), ([0xC0, 0x80], #"\M-@\M^@"#),
        ([0xED, 0xA0, 0x80], #"\M-m\240\M^@"#), ([0xF0, 0x9F, 0x98], #"\M-p\M^_\M^X"#),
      ]
      for (bytes, shown) in cases {
        #expect(resultFromBoth { e in e.vis(bytes.span) } == .success(Array(shown)), "\(bytes)")
      }
    }

    @Test("Characters that change the direction of the text are shown in the form of vis(3), whole or cut anywhere")
    func directions() throws {
      let scalars = (0...0x10_FFFF).compactMap { Unicode.Scalar(UInt32($0)) }.filter { $0.properties.isBidiControl }
      #expect(scalars.count == 12)
      for scalar in scalars + ["\u{200B}", "\u{200D}", "\u{2010}", "\u{2029}", "\u{2070}", "\u{5D0}", "\u{627}"] {
        let bytes = Array(String(scalar).utf8)
        for count in 1...bytes.count {
          let part = Array("a") + bytes.prefix(count)
          let text = resultFromBoth { e in e.vis(part.span) }
          #expect(text == .success(shown(part)), "\(part)")
        }
      }
      #expect(resultFromBoth { e in e.vis(Array("\u{202E}").span) } == .success(Array(#"\M-b\M^@\M-."#)))
    }

    @Test("Every byte is shown as vis(3) shows it")
    func singleBytes() {
      Property.singleBytes.check { trial in try Self.checkVis(of: [UInt8(trial.index)], &trial) }
    }

    @Test("Every pair of bytes is shown as vis(3) shows it")
    func bytePairs() {
      Property.bytePairs.check { trial in
        try Self.checkVis(of: [UInt8(trial.index >> 8), UInt8(trial.index & 0xFF)], &trial)
      }
    }

    @Test("Random bytes are shown as vis(3) shows them")
    func randomBytes() {
      Property.randomBytes.check { trial in
        let bytes = trial.random.oneIn(2) ? trial.random.bytes(0...24) : trial.random.message(0...40)
        try Self.checkVis(of: bytes, &trial)
      }
    }

    @Test("UTF-8 is shown as vis(3) shows it, whole or cut anywhere")
    func randomUTF8() {
      Property.randomUTF8.check { trial in
        var scalars = String.UnicodeScalarView()
        for _ in 0..<trial.random.number(0...20) {
          let limit = trial.random.pick([0x100, 0x1000, 0x1_0000, 0x11_0000])
          if let scalar = Unicode.Scalar(UInt32(trial.random.number(0...(limit - 1)))) { scalars.append(scalar) }
        }
        var bytes = Array(String(scalars).utf8)
        if trial.random.oneIn(3) { bytes.removeLast(trial.random.number(0...min(3, bytes.count))) }
        try Self.checkVis(of: bytes, &trial)
      }
    }

    private static func checkVis(of bytes: [UInt8], _ trial: inout Trial) throws {
      let expected = shown(bytes)
      try trial.compare("\(bytes)", expected: expected) { $0.vis(bytes.span) }
      guard decoded(expected) == bytes else { throw Counterexample("vis of \(bytes) can't be decoded") }
    }

    @Test("A printed message has a label and a line of its own")
    func messageText() {
      let full = [UInt8](repeating: 0, count: Limit.line)
      let cases: [([UInt8], String)] = [
        ([], ""), (Array("a\u{1B}\\\n"), "a\\^[\\134\n"), (full, String(repeating: #"\000"#, count: full.count)),
      ]
      for (message, shown) in cases {
        let text = resultFromBoth { e in e.messageText(message.span) }
        #expect(text == .success(Array("Here is the message: \(shown)\n")))
      }
    }
  }
}

// MARK: A simple model of vis(3) and unvis(3)

/// The bytes in the form of vis(3). The standard library decides what is valid UTF-8.
private func shown(_ bytes: [UInt8]) -> [UInt8] {
  var (text, i) = ([UInt8](), 0)
  while i < bytes.count {
    let length = bytes[i] < 0x80 ? nil : (2...4).first { isCharacter(bytes[i...].prefix($0)) }
    text += length.map { Array(bytes[i...].prefix($0)) } ?? shown(bytes[i])
    i += length ?? 1
  }
  return text
}

private func isCharacter(_ bytes: ArraySlice<UInt8>) -> Bool {
  guard let scalars = String(validating: bytes, as: UTF8.self)?.unicodeScalars, let scalar = scalars.first else {
    return false
  }
  return scalars.count == 1 && scalar.value >= 0xA0 && !scalar.properties.isBidiControl
}

private func shown(_ byte: UInt8) -> [UInt8] {
  let (low, meta) = (byte & 0x7F, byte >= 0x80 ? "M" : "")
  return switch byte {
  case 0x09, 0x0A: [byte]
  case 0x00: Array(#"\000"#)
  case 0x5C: Array(#"\134"#)
  case 0xA0: Array(#"\240"#)
  default:
    switch low {
    case 0x7F: Array("\\\(meta)^?")
    case 0..<0x20: Array("\\\(meta)^") + [low + 0x40]
    default: meta.isEmpty ? [byte] : Array("\\M-") + [low]
    }
  }
}

/// The original of bytes in the form of vis(3).
private func decoded(_ text: [UInt8]) -> [UInt8] {
  var (bytes, rest) = ([UInt8](), text[...])
  func control(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "?") ? 0x7F : byte - 0x40 }
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
      bytes.append(byte)
      continue
    }
    switch kind {
    case UInt8(ascii: "^"): bytes.append(control(rest.removeFirst()))
    case UInt8(ascii: "M"):
      let isControl = rest.removeFirst() == UInt8(ascii: "^")
      let low = rest.removeFirst()
      bytes.append((isControl ? control(low) : low) | 0x80)
    default:
      let digits = [kind, rest.removeFirst(), rest.removeFirst()].map { $0 - UInt8(ascii: "0") }
      bytes.append(digits[0] << 6 | digits[1] << 3 | digits[2])
    }
  }
  return bytes
}
