// What a client does, and when: by chance, and the same again of the same generator.

/// What the server is there for.
public enum Trade: Sendable, CustomStringConvertible {
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

public struct Script: Sendable, CustomStringConvertible {
  struct Piece: Sendable {
    /// Milliseconds before it.
    let pause: Int
    let bytes: ArraySlice<UInt8>
  }

  enum Leaving: Sendable {
    /// At the server's end.
    case atEnd
    /// Once all is sent, and so many bytes have come.
    case closing(after: Int), resetting(after: Int)

    var least: Int {
      switch self {
      case .atEnd: 0
      case .closing(let count), .resetting(let count): count
      }
    }
  }

  /// In milliseconds.
  let start: Int
  let pieces: [Piece]
  /// Half-closes once all is sent.
  let finishes: Bool
  let leaving: Leaving
  /// Milliseconds for which it does not read at first, and between two reads.
  let stall: Int, breath: Int
  /// Bytes of one read.
  let gulp: Int
  /// Bytes that it reads, and no more.
  let most: Int
  /// Bytes for which the kernel may hold input back for it; nil is as many as it likes.
  let window: Int32?

  var input: [UInt8] { pieces.flatMap { $0.bytes } }

  /// Bytes that come before it leaves by itself.
  var least: Int { leaving.least }

  public var description: String {
    """
    at \(start) ms sends \(pieces.map { "\($0.bytes.count) after \($0.pause) ms" })\(finishes ? ", half-closes" : "") and \
    leaves \(leaving); reads after \(stall) ms \(gulp) \
    each \(breath) ms, window \(window.map { "\($0)" } ?? "any")
    """
  }
}

// MARK: By chance

extension Script {
  /// That many scripts. Those that are `settled` leave the server no choice of what to record of them.
  public static func draw(
    _ count: Int, for trade: Trade, settled: Bool = false, using random: inout some RandomNumberGenerator
  ) -> [Script] {
    let tape = tape(&random)
    return (0..<count).map { _ in Script(trade, settled: settled, tape, &random) }
  }

  private init(_ trade: Trade, settled: Bool, _ tape: [UInt8], _ random: inout some RandomNumberGenerator) {
    let bytes = Self.input(for: trade, settled: settled, tape, &random)
    let isLine = bytes.contains(UInt8(ascii: "\n"))
    let early = Int.random(in: 0...3, using: &random)
    let choice = Int.random(in: 0...3, using: &random)
    switch trade {
    case .greeting(let text):
      let some = Int.random(in: 0...text.count, using: &random)
      leaving = settled || early > 0 ? .atEnd : choice < 2 ? .closing(after: some) : .resetting(after: some)
      finishes = choice % 2 == 0
    case .message where isLine:
      leaving = choice < 2 ? .atEnd : .closing(after: Forecast.answer.count)
      finishes = choice % 2 == 0
    case .message where bytes.count > Forecast.line || settled || early > 0:
      (leaving, finishes) = (.atEnd, true)
    case .message, .discard:
      leaving = choice < 2 || settled ? .closing(after: 0) : choice == 2 ? .resetting(after: 0) : .atEnd
      if case .atEnd = leaving { finishes = true } else { finishes = false }
    case .echo:
      let some = settled || choice < 3 ? bytes.count : Int.random(in: 0...bytes.count, using: &random)
      leaving = early < 2 ? .atEnd : early == 2 ? .closing(after: some) : .resetting(after: some)
      finishes = early < 2
    case .chargen:
      let some = Int.random(in: 0...120_000, using: &random)
      leaving = choice < 2 ? .closing(after: some) : .resetting(after: some)
      finishes = early == 0
    }
    if case .chargen = trade { most = leaving.least } else { most = .max }
    // A greeter that has ended discards for a second what comes later: here it comes at once.
    if case .greeting = trade {
      pieces = bytes.isEmpty ? [] : [Piece(pause: 0, bytes: bytes[...])]
    } else {
      pieces = Self.cut(bytes, &random)
    }
    start = Int.random(in: 0...80, using: &random)
    stall = Bool.random(using: &random) ? 0 : Int.random(in: 0...60, using: &random)
    breath = Int.random(in: 0...9, using: &random) == 0 ? 3 : 0
    gulp = Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 8_000...20_000, using: &random) : 65_536
    window = Int.random(in: 0...4, using: &random) == 0 ? Int32.random(in: 8_000...60_000, using: &random) : nil
  }

  private static func input(
    for trade: Trade, settled: Bool, _ tape: [UInt8], _ random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    let size = Int.random(in: 0...19, using: &random)
    let choice = Int.random(in: 0...3, using: &random)
    var count = Int.random(in: 0...(size == 0 ? 400_000 : size < 6 ? 20_000 : 600), using: &random)
    let offset = Int.random(in: 0..<period, using: &random)
    switch trade {
    case .message:
      let isLong = choice == 0 && !settled
      count = isLong ? count % 1_000 + Forecast.line + 1 : count % Forecast.line
      // Plain, so that what is printed of all fits in a pipe.
      let text = tape[offset...].prefix(count).map { UInt8(ascii: " ") + $0 % 64 }
      return choice == 1 || isLong ? text : text + [UInt8(ascii: "\n")]
    case .greeting: return settled || choice > 0 ? [] : Array(tape[offset...].prefix(count % 2_000))
    case .echo, .discard, .chargen: return Array(tape[offset...].prefix(count))
    }
  }

  private static func cut(_ bytes: [UInt8], _ random: inout some RandomNumberGenerator) -> [Piece] {
    var (pieces, rest) = ([Piece](), bytes[...])
    let most = max(1, Bool.random(using: &random) ? bytes.count : bytes.count / 4)
    while !rest.isEmpty {
      let pause = Int.random(in: 0...3, using: &random) == 0 ? Int.random(in: 0...12, using: &random) : 0
      // The last of many pieces is the rest.
      let piece = pieces.count == 8 ? rest : rest.prefix(Int.random(in: 1...most, using: &random))
      pieces.append(Piece(pause: pause, bytes: piece))
      rest = rest.dropFirst(piece.count)
    }
    return pieces
  }

  /// A prime, so that a block that is lost or comes twice shows.
  private static let period = 65_521

  /// Random bytes, again and again.
  private static func tape(_ random: inout some RandomNumberGenerator) -> [UInt8] {
    let words = (0..<(period + 7) / 8).map { _ in random.next() as UInt64 }
    let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }.prefix(period)
    return (0..<8).flatMap { _ in bytes }
  }
}
