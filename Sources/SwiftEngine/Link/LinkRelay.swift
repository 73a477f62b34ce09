// The client's two-way copy between a link and two descriptors.
internal import Glibc
public import IPC
public import SystemPackage

extension SwiftEngine {
  public static func relay(
    _ link: borrowing Link, input: FileDescriptor, output: FileDescriptor, observer: Observer?
  ) throws(Failure) {
    var carry = Carry(link.end, input: input, output: output, observer: observer)
    defer { link.end.lookAway() }  // the caller may close its input
    while !carry.hasEnded { try carry.step() }
  }
}

private struct Carry: ~Copyable {
  let link: LinkEnd
  let input: FileDescriptor
  let output: FileDescriptor
  let observer: Observer?
  /// From the link, and to it.
  var down = [UInt8](repeating: 0, count: Limit.buffer)
  var up = [UInt8](repeating: 0, count: Limit.buffer)
  /// Of what goes up, the bytes that were read and are not sent yet.
  var pending = 0..<0
  /// Input is still read.
  var isTaking = true
  /// Its end is still to be told.
  var isFinishing = false
  /// The server's end has come.
  var hasEnded = false

  init(_ link: LinkEnd, input: FileDescriptor, output: FileDescriptor, observer: Observer?) {
    (self.link, self.input, self.output, self.observer) = (link, input, output, observer)
  }

  mutating func step() throws(Failure) {
    let waits = !pending.isEmpty || isFinishing
    let result = link.wait(
      waits ? [.readable, .writable] : .readable, extra: isTaking && !waits ? input.rawValue : -1, until: .never)
    try SwiftEngine.check(.wait, result, at: link.endpoint)
    let ready = Readiness(rawValue: CInt(result))
    if ready.contains(.readable) { try passDown() }
    if hasEnded { return }
    if ready.contains(.writable) {
      if isFinishing { try halfClose() } else { try sendSome() }
    } else if ready.contains(.extra) {
      try readSome()
    }
  }

  private func tell(_ step: Step, failed result: Int) -> Failure {
    observer.notify(step, on: link.lobby, failed: Cause(code: CInt(-result)), endpoint: link.endpoint)
  }

  private mutating func passDown() throws(Failure) {
    let count = receive()
    if count == -Int(EAGAIN) { return }
    if count < 0 { throw tell(.receive, failed: count) }
    observer.notify(.receive, on: link.lobby, count: count, endpoint: link.endpoint)
    hasEnded = count == 0
    if hasEnded { return }
    do {
      // Blocks while the reader of our output does: who does not read gets no more, and memory stays bounded.
      try SwiftEngine.write(output, down.span.extracting(first: count))
    } catch {
      throw observer.notify(.output, on: output.rawValue, failed: error.cause)
    }
    observer.notify(.output, on: output.rawValue, count: count)
  }

  private mutating func receive() -> Int {
    let link = link
    var span = down.mutableSpan
    return link.receiveSome(&span)
  }

  /// A server that takes no more input is no error; what it has sent is still to be received.
  private mutating func stopTaking() {
    (isTaking, isFinishing) = (false, false)
    pending = 0..<0
  }

  private mutating func sendSome() throws(Failure) {
    let count = link.sendSome(up.span.extracting(pending))
    if count == -Int(EAGAIN) { return }
    if count >= 0 {
      pending.removeFirst(count)
      observer.notify(.send, on: link.lobby, count: count, endpoint: link.endpoint)
      return
    }
    let failure = tell(.send, failed: count)
    guard count == -Int(EPIPE) else { throw failure }
    stopTaking()
  }

  private mutating func halfClose() throws(Failure) {
    let result = link.halfCloseOnce()
    if result == -Int(EAGAIN) { return }
    stopTaking()
    if result < 0 { throw tell(.halfClose, failed: result) }
    observer.notify(.halfClose, on: link.lobby, endpoint: link.endpoint)
  }

  private mutating func readSome() throws(Failure) {
    var count = 0
    let input = input
    do {
      var span = up.mutableSpan
      guard let taken = try SwiftEngine.read(input, into: &span) else { return }
      count = taken
    } catch {
      throw observer.notify(.input, on: input.rawValue, failed: error.cause)
    }
    observer.notify(.input, on: input.rawValue, count: count)
    pending = 0..<count
    if count > 0 { return try sendSome() }
    isFinishing = true
    try halfClose()
  }
}
