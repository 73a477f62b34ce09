// Random inputs: valid, almost valid and invalid.
internal import Crowd
internal import IPC

extension SplitMix64 {
  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func oneIn(_ count: Int) -> Bool { number(1...count) == 1 }

  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

  mutating func bytes(_ count: ClosedRange<Int>) -> [UInt8] { (0..<number(count)).map { _ in byte() } }

  mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element {
    choices.randomElement(using: &self)!
  }

  mutating func text(_ alphabet: String, _ count: ClosedRange<Int>) -> String {
    String((0..<number(count)).map { _ in pick(alphabet) })
  }

  /// Splits the bytes into pieces, none of them empty.
  mutating func pieces(_ bytes: [UInt8], atMost limit: Int) -> [[UInt8]] {
    var (pieces, rest) = ([[UInt8]](), bytes[...])
    while !rest.isEmpty {
      let piece = rest.prefix(number(1...limit))
      pieces.append(Array(piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }

  mutating func service() -> Service {
    switch number(0...4) {
    case 0: .greeting(bytes(0...700))
    case 1: .message
    case 2: .echo
    case 3: .discard
    default: .chargen
    }
  }

  /// Bytes for services and vis(3). Half of the messages are printing characters, and half have a newline in 100 bytes.
  mutating func message(_ count: ClosedRange<Int>) -> [UInt8] {
    let (plain, newlines) = (oneIn(2), oneIn(2))
    return (0..<number(count)).map { _ in
      if newlines && oneIn(100) { return UInt8(ascii: "\n") }
      let byte = plain ? UInt8(number(0x20...0x7E)) : byte()
      return byte == UInt8(ascii: "\n") ? 0 : byte
    }
  }

  // MARK: Endpoints

  mutating func endpoint() -> Endpoint {
    switch number(0...7) {
    case 0: .unix(path: path())
    case 6: .pipe(path: bytes(1...Limit.pipePath).map { max(1, $0) })
    case 7: oneIn(2) ? .queue(name: objectName()) : .memory(name: objectName())
    case 1: .abstract(name: bytes(1...Limit.path))
    case 2: .tcp(host: ipv4(), port: UInt16(truncatingIfNeeded: next()))
    case 3: .tcp(host: ipv6(), port: UInt16(truncatingIfNeeded: next()))
    default: .tcp(host: name(), port: UInt16(truncatingIfNeeded: next()))
    }
  }

  /// Without NUL, and without @ at the start, which would make it an abstract name.
  private mutating func path() -> [UInt8] {
    let path = bytes(1...Limit.path).map { $0 == 0 ? 1 : $0 }
    return path[0] == UInt8(ascii: "@") ? [UInt8(ascii: "/")] + path.dropFirst() : path
  }

  private mutating func objectName() -> [UInt8] {
    [UInt8(ascii: "/")] + bytes(1...Limit.objectName).map { $0 == 0 || $0 == UInt8(ascii: "/") ? 1 : $0 }
  }

  private mutating func ipv4() -> String { "\(byte()).\(byte()).\(byte()).\(byte())" }

  private mutating func ipv6() -> String {
    func group(_ random: inout SplitMix64) -> String { random.text("0123456789abcdefABCDEF", 1...4) }
    var groups = (0..<8).map { _ in group(&self) }
    if oneIn(4) { groups.replaceSubrange(6..<8, with: [ipv4()]) }
    var address = groups.joined(separator: ":")
    if oneIn(2) {
      let (start, length) = (number(0...5), number(1...3))
      let end = min(start + length, groups.count - 1)
      address = groups[..<start].joined(separator: ":") + "::" + groups[end...].joined(separator: ":")
    }
    return oneIn(4) ? address + "%" + text("abcXYZ019-_.+%]", 1...15) : address
  }

  /// The last label is not a number, because the name would then be an address.
  private mutating func name() -> String {
    let labels = (0..<number(0...4)).map { _ in text("abcxyzABCXYZ0123456789-_", 1...(oneIn(10) ? 63 : 12)) }
    let name = (labels + [text("abcxyzABCXYZ-_", 1...12)]).joined(separator: ".")
    if name.utf8.count > Limit.host - 1 { return "short" }
    return oneIn(8) ? name + "." : name
  }

  /// Makes one to four edits that matter in an endpoint's text.
  mutating func mutated(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0..<number(1...4) {
      let at = number(0...text.count)
      switch number(0...5) {
      case 0 where at < text.count: text.remove(at: at)
      case 1 where at < text.count: text[at] = significantByte()
      case 2: text.removeLast(text.count - at)
      case 3: text.insert(contentsOf: text[at...].prefix(number(1...200)), at: at)
      case 4: text.insert(contentsOf: Array(pick(Self.fragments).utf8), at: at)
      default: text.insert(significantByte(), at: at)
      }
    }
    return text
  }

  mutating func garbage() -> [UInt8] {
    var text: [UInt8] = []
    if oneIn(2) { text += Array(pick(["tcp:", "unix:", "unix:@", "tcp:["]).utf8) }
    for _ in 0..<number(0...(oneIn(8) ? 280 : 12)) {
      text += oneIn(5) ? Array(pick(Self.fragments).utf8) : [significantByte()]
    }
    return text
  }

  private mutating func significantByte() -> UInt8 {
    oneIn(8) ? byte() : pick("0123456789abcfxX:.[]%@-_ /\0\n+".utf8)
  }

  private static let fragments = [
    "tcp:", "unix:", "unix:@", "[", "]", "]:", "::", ":", "%lo", "%", "127.0.0.1", "::1", "fe80::1%eth0", "%a+b]",
    "localhost",
    "0x7f", "0x", "65535", "65536", "99999", "00080", ":0", ".", "..", "@", "\0", "é", "١", " ", "::ffff:1.2.3.4",
  ]
}
