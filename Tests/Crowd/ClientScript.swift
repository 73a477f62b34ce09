// What a client does, and when. The same generator makes the same scripts.

/// The service that the server offers to the crowd.
public enum CrowdService: Sendable, CustomStringConvertible {
  case greeting([UInt8])
  case message, echo, discard, chargen

  public var description: String {
    switch self {
    case .greeting: "greeting"
    case .message: "message"
    case .echo: "echo"
    case .discard: "discard"
    case .chargen: "chargen"
    }
  }
}

/// All times are in milliseconds.
public struct ClientScript: Sendable, CustomStringConvertible {
  struct Piece: Sendable {
    /// The time between the piece before and this one.
    let delay: Int
    let bytes: ArraySlice<UInt8>
  }

  enum Departure: Sendable {
    /// The client waits until the server closes.
    case atEnd
    /// The client leaves once it has sent everything and received this many bytes.
    case closing(after: Int), resetting(after: Int)

    var minimum: Int {
      switch self {
      case .atEnd: 0
      case .closing(let count), .resetting(let count): count
      }
    }
  }

  let start: Int
  let pieces: [Piece]
  /// The client half-closes once it has sent everything.
  let halfCloses: Bool
  let departure: Departure
  /// The time before the first read, and the time between two reads.
  let readDelay: Int, readInterval: Int
  /// The most bytes that one read returns.
  let readSize: Int
  /// The client stops reading after this many bytes.
  let readLimit: Int
  /// The size of the socket's receive buffer (SO_RCVBUF); nil is the system's default.
  let receiveBuffer: Int32?

  var input: [UInt8] { pieces.flatMap { $0.bytes } }

  /// The bytes that the client receives before it leaves.
  var minimum: Int { departure.minimum }

  public var description: String {
    """
    at \(start) ms sends \(pieces.map { "\($0.bytes.count) after \($0.delay) ms" })\(halfCloses ? ", half-closes" : "") \
    and leaves \(departure); reads after \(readDelay) ms \(readSize) each \(readInterval) ms, receive buffer \
    \(receiveBuffer.map { "\($0)" } ?? "default")
    """
  }
}

// MARK: Scripts

extension ClientScript {
  /// A client that connects at once, sends a byte after the delay, half-closes, and waits until the server closes.
  public init(connectedFor delay: Int) {
    start = 0
    pieces = [Piece(delay: delay, bytes: [UInt8(ascii: ".")])]
    (halfCloses, departure) = (true, .atEnd)
    (readDelay, readInterval, readSize, readLimit, receiveBuffer) = (0, 0, 65_536, .max, nil)
  }
}

extension ClientScript {
  /// Makes random scripts.
  ///
  /// - Parameter deterministic: If true, the server's records of the clients don't depend on timing.
  public static func random(
    _ count: Int, for service: CrowdService, deterministic: Bool = false,
    using random: inout some RandomNumberGenerator
  ) -> [ClientScript] {
    let data = data(&random)
    return (0..<count).map { _ in ClientScript(service, deterministic: deterministic, data, &random) }
  }

  private init(
    _ service: CrowdService, deterministic: Bool, _ data: [UInt8], _ random: inout some RandomNumberGenerator
  ) {
    let bytes = Self.input(for: service, deterministic: deterministic, data, &random)
    (departure, halfCloses) = Self.departure(from: service, after: bytes, deterministic: deterministic, &random)
    if case .chargen = service { readLimit = departure.minimum } else { readLimit = .max }
    // A server that has sent its greeting discards further input for a second only, so the client sends at once.
    if case .greeting = service {
      pieces = bytes.isEmpty ? [] : [Piece(delay: 0, bytes: bytes[...])]
    } else {
      pieces = Self.split(bytes, &random)
    }
    start = Int.random(in: 0...80, using: &random)
    readDelay = Bool.random(using: &random) ? 0 : Int.random(in: 0...60, using: &random)
    readInterval = Int.random(in: 0...9, using: &random) == 0 ? 3 : 0
    readSize = Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 8_000...20_000, using: &random) : 65_536
    receiveBuffer = Int.random(in: 0...4, using: &random) == 0 ? Int32.random(in: 8_000...60_000, using: &random) : nil
  }

  private static func departure(
    from service: CrowdService, after bytes: [UInt8], deterministic: Bool, _ random: inout some RandomNumberGenerator
  ) -> (Departure, halfCloses: Bool) {
    let early = Int.random(in: 0...3, using: &random)
    let choice = Int.random(in: 0...3, using: &random)
    switch service {
    case .greeting(let text):
      let some = Int.random(in: 0...text.count, using: &random)
      if deterministic || early > 0 { return (.atEnd, choice % 2 == 0) }
      return (choice < 2 ? .closing(after: some) : .resetting(after: some), choice % 2 == 0)
    case .message where bytes.contains(UInt8(ascii: "\n")):
      return (choice < 2 ? .atEnd : .closing(after: ExpectedOutcome.answer.count), choice % 2 == 0)
    case .message where bytes.count > ExpectedOutcome.line || deterministic || early > 0: return (.atEnd, true)
    case .message, .discard:
      if choice < 2 || deterministic { return (.closing(after: 0), false) }
      return choice == 2 ? (.resetting(after: 0), false) : (.atEnd, true)
    case .echo:
      let some = deterministic || choice < 3 ? bytes.count : Int.random(in: 0...bytes.count, using: &random)
      if early < 2 { return (.atEnd, true) }
      return (early == 2 ? .closing(after: some) : .resetting(after: some), false)
    case .chargen:
      let some = Int.random(in: 0...120_000, using: &random)
      return (choice < 2 ? .closing(after: some) : .resetting(after: some), early == 0)
    }
  }

  private static func input(
    for service: CrowdService, deterministic: Bool, _ data: [UInt8], _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    let size = Int.random(in: 0...19, using: &random)
    let choice = Int.random(in: 0...3, using: &random)
    let limits = [400_000] + [Int](repeating: 20_000, count: 5)
    var count = Int.random(in: 0...(size < limits.count ? limits[size] : 600), using: &random)
    let offset = Int.random(in: 0..<period, using: &random)
    switch service {
    case .message:
      let isLong = choice == 0 && !deterministic
      count = isLong ? count % 1_000 + ExpectedOutcome.line + 1 : count % ExpectedOutcome.line
      // Printing characters only, so that the server's output for the whole crowd fits into a pipe.
      let text = data[offset...].prefix(count).map { UInt8(ascii: " ") + $0 % 64 }
      return choice == 1 || isLong ? text : text + [UInt8(ascii: "\n")]
    case .greeting: return deterministic || choice > 0 ? [] : Array(data[offset...].prefix(count % 2_000))
    case .echo, .discard, .chargen: return Array(data[offset...].prefix(count))
    }
  }

  private static func split(_ bytes: [UInt8], _ random: inout some RandomNumberGenerator) -> [Piece] {
    var (pieces, rest) = ([Piece](), bytes[...])
    let limit = max(1, Bool.random(using: &random) ? bytes.count : bytes.count / 4)
    while !rest.isEmpty {
      let delay = Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 0...12, using: &random) : 0
      // The ninth piece is the last: it has all that is left.
      let piece = pieces.count == 8 ? rest : rest.prefix(Int.random(in: 1...limit, using: &random))
      pieces.append(Piece(delay: delay, bytes: piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }

  /// A prime number, so that a block that is lost or repeated shifts the pattern and is detected.
  private static let period = 65_521

  /// A block of random bytes, eight times.
  private static func data(_ random: inout some RandomNumberGenerator) -> [UInt8] {
    let words = (0..<(period + 7) / 8).map { _ in random.next() as UInt64 }
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }.prefix(period)
    return (0..<8).flatMap { _ in bytes }
  }
}
