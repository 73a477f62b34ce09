// What a client must see, and the server must record of it: a model in a few lines, of neither engine.
public import SystemPackage

public struct Forecast: Sendable {
  static let answer = Array("I got your message".utf8)
  /// Bytes that the message service receives.
  static let line = 255

  /// How a server's record of a client ends.
  public enum Ending: Equatable, Sendable {
    case good
    case failed(receiving: Bool, Errno)
  }

  /// What comes, or of what so much at least comes.
  let bytes: [UInt8]
  let least: Int
  /// The client stays until the server's end.
  let isWhole: Bool
  /// What is printed of it.
  public let printed: [UInt8]?
  /// Of the server's record, as far as it is settled.
  public let received: Int?
  public let sent: Int?
  public let ending: Ending?

  public init(_ script: Script, of trade: Trade, isTCP: Bool) {
    let (input, count) = (script.input, script.pieces.reduce(0) { $0 + $1.bytes.count })
    let reset = isTCP && script.isReset
    let (whole, ends): (Bool, Ending) = (script.staysToEnd, .good)
    switch trade {
    case .greeting(let text):
      (bytes, least, isWhole, printed) = (text, script.least, whole, nil)
      (received, sent, ending) = whole ? (count == 0 ? 0 : nil, text.count, ends) : (nil, nil, nil)
    case .message:
      let message = Array(input.prefix(Self.line))
      let isCut = count > Self.line
      let isPartial = !isCut && message.last != UInt8(ascii: "\n")
      let leaves = isPartial && !whole
      bytes = leaves ? [] : Self.answer
      (least, isWhole) = (bytes.count, whole)
      printed = leaves && reset ? nil : message
      received = isCut || (leaves && reset) ? nil : count
      sent = leaves && (reset || !isTCP) ? 0 : Self.answer.count
      ending =
        leaves && reset
        ? .failed(receiving: true, .connectionReset)
        : leaves && !isTCP ? .failed(receiving: false, .brokenPipe) : .good
    case .echo:
      let isEarly = script.least < count && !whole
      (bytes, least, isWhole, printed) = (input, script.least, whole, nil)
      (received, sent) = isEarly ? (nil, nil) : (count, count)
      ending = isEarly ? nil : reset ? .failed(receiving: true, .connectionReset) : .good
    case .discard:
      (bytes, least, isWhole, printed) = ([], 0, whole, nil)
      (received, sent) = (reset ? nil : count, 0)
      ending = reset ? .failed(receiving: true, .connectionReset) : .good
    case .chargen:
      (bytes, least, isWhole, printed) = (Self.pattern, script.least, false, nil)
      (received, sent, ending) = (nil, nil, .good)
    }
  }

  /// What is wrong with a visit; nil where it is as expected.
  public func trouble(_ visit: Visit) -> String? {
    let count = visit.received.count
    guard Wire.isStart(visit.received, of: bytes) else {
      return "\(count) bytes came, right up to \(zip(visit.received, bytes).prefix { $0 == $1 }.count)"
    }
    if count < (isWhole ? bytes.count : least) { return "\(count) bytes came, not \(isWhole ? bytes.count : least)" }
    if isWhole, visit.end != .ended { return "it ended with \(visit.end), not with the server's end" }
    return nil
  }

  /// RFC 864's pattern, by its words: 72 of the 95 printing characters a line, from the line's number on, in a ring.
  private static let pattern: [UInt8] = {
    let ring = (UInt8(ascii: " ")...UInt8(ascii: "~")).map { $0 }
    let page = (0..<95).flatMap { line -> [UInt8] in (0..<72).map { ring[(line + $0) % 95] } + [13, 10] }
    return Array((0..<60).map { _ in page }.joined())
  }()
}

extension Script {
  fileprivate var staysToEnd: Bool { if case .atEnd = leaving { true } else { false } }

  fileprivate var isReset: Bool { if case .resetting = leaving { true } else { false } }
}
