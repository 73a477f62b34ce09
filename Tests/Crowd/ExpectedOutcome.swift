// A model of the services, independent of both engines: what a client must receive, and what the server must record.
public import SystemPackage

public struct ExpectedOutcome: Sendable {
  static let answer = Array("I got your message".utf8)
  /// The message service receives this many bytes at most.
  static let line = 255

  /// How the server's record of a client ends.
  public enum Ending: Equatable, Sendable {
    case good
    case failed(receiving: Bool, Errno)
  }

  /// The client receives a prefix of these bytes, of at least `minimum` bytes.
  let bytes: [UInt8]
  let minimum: Int
  /// The client stays until the server closes, so it must receive all of `bytes`.
  let isComplete: Bool
  /// The client's message, as the message service prints it.
  public let printed: [UInt8]?
  /// The counts and the ending of the server's record; nil where they depend on timing.
  public let received: Int?
  public let sent: Int?
  public let ending: Ending?

  public init(_ script: ClientScript, of service: CrowdService, isTCP: Bool) {
    switch service {
    case .greeting(let text): self.init(greeting: text, script)
    case .message: self.init(message: script, isTCP: isTCP)
    case .echo: self.init(echo: script, isTCP: isTCP)
    case .discard: self.init(discard: script, isTCP: isTCP)
    case .chargen: self.init(chargen: script)
    }
  }

  /// How a client's outcome differs from the expected one; nil if it does not.
  public func mismatch(_ outcome: ClientOutcome) -> String? {
    let count = outcome.received.count
    guard RawSocket.isPrefix(outcome.received, of: bytes) else {
      let correct = zip(outcome.received, bytes).prefix { $0 == $1 }.count
      return "the client received \(count) bytes, of which the first \(correct) are correct"
    }
    let needed = isComplete ? bytes.count : minimum
    if count < needed { return "the client received \(count) bytes, not \(needed)" }
    if isComplete, outcome.end != .serverClosed { return "\(outcome.end), although the server had to close first" }
    return nil
  }
}

// MARK: The services

extension ExpectedOutcome {
  private init(greeting text: [UInt8], _ script: ClientScript) {
    (bytes, minimum, isComplete, printed) = (text, script.minimum, script.staysToEnd, nil)
    guard script.staysToEnd else {
      (received, sent, ending) = (nil, nil, nil)
      return
    }
    (received, sent, ending) = (script.inputCount == 0 ? 0 : nil, text.count, .good)
  }

  private init(message script: ClientScript, isTCP: Bool) {
    let message = Array(script.input.prefix(Self.line))
    let isCut = script.inputCount > Self.line
    let isPartial = !isCut && message.last != UInt8(ascii: "\n")
    let leaves = isPartial && !script.staysToEnd
    let isReset = leaves && isTCP && script.resets
    bytes = leaves ? [] : Self.answer
    (minimum, isComplete) = (bytes.count, script.staysToEnd)
    printed = isReset ? nil : message
    received = isCut || isReset ? nil : script.inputCount
    sent = leaves && (isReset || !isTCP) ? 0 : Self.answer.count
    if isReset {
      ending = .failed(receiving: true, .connectionReset)
    } else if leaves && !isTCP {
      ending = .failed(receiving: false, .brokenPipe)
    } else {
      ending = .good
    }
  }

  private init(echo script: ClientScript, isTCP: Bool) {
    let count = script.inputCount
    let leavesEarly = script.minimum < count && !script.staysToEnd
    (bytes, minimum, isComplete, printed) = (script.input, script.minimum, script.staysToEnd, nil)
    (received, sent) = leavesEarly ? (nil, nil) : (count, count)
    ending = leavesEarly ? nil : Self.ending(of: script, isTCP: isTCP)
  }

  private init(discard script: ClientScript, isTCP: Bool) {
    (bytes, minimum, isComplete, printed) = ([], 0, script.staysToEnd, nil)
    (received, sent) = (isTCP && script.resets ? nil : script.inputCount, 0)
    ending = Self.ending(of: script, isTCP: isTCP)
  }

  private init(chargen script: ClientScript) {
    (bytes, minimum, isComplete, printed) = (Self.pattern, script.minimum, false, nil)
    (received, sent, ending) = (nil, nil, .good)
  }

  private static func ending(of script: ClientScript, isTCP: Bool) -> Ending {
    isTCP && script.resets ? .failed(receiving: true, .connectionReset) : .good
  }

  /// The pattern of RFC 864: each line has 72 of the 95 printing characters and starts one character after the line before.
  private static let pattern: [UInt8] = {
    let ring = (UInt8(ascii: " ")...UInt8(ascii: "~")).map { $0 }
    let page = (0..<95).flatMap { line -> [UInt8] in (0..<72).map { ring[(line + $0) % 95] } + [13, 10] }
    return Array((0..<60).map { _ in page }.joined())
  }()
}

extension ClientScript {
  fileprivate var inputCount: Int { pieces.reduce(0) { $0 + $1.bytes.count } }

  fileprivate var staysToEnd: Bool { if case .atEnd = departure { true } else { false } }

  fileprivate var resets: Bool { if case .resetting = departure { true } else { false } }
}
