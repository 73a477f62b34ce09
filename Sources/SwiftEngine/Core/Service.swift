// The five services, as pure functions.
public import IPC

extension SwiftEngine {
  private static func greet(
    _ greeting: [UInt8], from position: Int, _ output: inout MutableSpan<UInt8>, _ result: inout ServiceResult
  ) {
    let left = greeting.count - position
    result.produced = min(left, output.count)
    for i in 0..<result.produced { output[i] = greeting[position + i] }
    result.next = result.produced == left ? .end : .output
  }

  private static func answer(_ input: Span<UInt8>, ended: Bool, _ output: inout MutableSpan<UInt8>) -> ServiceResult {
    let answer: StaticString = "I got your message"
    let window = min(input.count, Limit.line)
    let newline = (0..<window).first { input[$0] == UInt8(ascii: "\n") }
    var result = ServiceResult()
    if newline == nil && !ended && window < Limit.line { return result }
    result.consumed = newline.map { $0 + 1 } ?? window
    result.cut = newline == nil && (input.count > window || !ended)
    result.prints = true
    for byte in answer.description.utf8 {
      output[result.produced] = byte
      result.produced += 1
    }
    result.next = .end
    return result
  }

  /// RFC 864's recommended pattern: line n is 72 characters of the ring of 95 printing ones, from the nth on, then CR
  /// and LF.
  private static func generate(from position: UInt64, _ output: inout MutableSpan<UInt8>) {
    let (ring, width) = (95, 72)
    var line = Int(position / UInt64(width + 2) % UInt64(ring))
    var column = Int(position % UInt64(width + 2))
    for i in output.indices {
      let shown = line + column
      if column < width {
        output[i] = UInt8(ascii: " ") + UInt8(shown < ring ? shown : shown - ring)
      } else {
        output[i] = column == width ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
      }
      column += 1
      if column == width + 2 {
        column = 0
        line = line + 1 == ring ? 0 : line + 1
      }
    }
  }

  public static func step(
    _ service: Service, position: UInt64, input: Span<UInt8>, ended: Bool, output: inout MutableSpan<UInt8>
  ) -> ServiceResult {
    var result = ServiceResult(consumed: input.count, next: ended ? .end : .input)
    switch service {
    case .greeting(let bytes):
      greet(bytes, from: Int(position), &output, &result)
    case .message:
      result = answer(input, ended: ended, &output)
    case .echo:
      result.produced = input.count
      result.echoes = !input.isEmpty
    case .discard:
      break
    case .chargen:
      generate(from: position, &output)
      result.produced = output.count
      result.next = .output
    }
    return result
  }

  /// How many bytes a service may receive: of the room, and of its buffer. Only as many that the echo of each has room,
  /// too; so the result of a limit does not depend on the parts in which the bytes arrive.
  static func inputRoom(_ service: Service, _ room: Int, capacity: Int) -> Int {
    min(service.isEcho ? room / 2 : room, capacity)
  }
}

extension ClientLimits {
  /// How many more bytes the client may move.
  func room(moved: UInt64) -> Int {
    guard let bytes, bytes > 0 else { return .max }
    return bytes > moved ? Int(clamping: bytes - moved) : 0
  }
}

extension ServiceResult {
  /// Shortens a reply that has no room, if a further step can generate the rest.
  mutating func fit(_ service: Service, _ room: Int) {
    guard service.isReproducible, produced > room else { return }
    (produced, next) = (room, .output)
  }

  /// Returns whether a step needs more than the room that was left before it, of which the `ignored` bytes are a part:
  /// input that the last step of a service does not use.
  func lacksRoom(_ room: Int, ignored: Int) -> Bool {
    produced + (next == .output ? 1 : 0) - (next == .end ? ignored : 0) > room
  }
}

extension Service {
  /// Whether a reply depends only on how much of it was sent, and not on the input.
  var isReproducible: Bool {
    switch self {
    case .greeting, .chargen: true
    case .message, .echo, .discard: false
    }
  }
  var isChargen: Bool { if case .chargen = self { true } else { false } }
  var isEcho: Bool { if case .echo = self { true } else { false } }
  var isMessage: Bool { if case .message = self { true } else { false } }
}
