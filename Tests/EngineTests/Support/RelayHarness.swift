// A relay in a thread of its own, and the three ends that the test uses.
internal import IPC
internal import SystemPackage
internal import Testing

/// How a relay ended, and the events that it reported.
struct RelayOutcome: Equatable, Sendable {
  var events: [Event]
  var failure: Failure?
}

/// Swift destroys the fields in their order. The thread is the last one, so that the closed ends stop its relay first.
final class RelayHarness {
  /// The server's end of the connection. Setting it to nil closes it.
  var peer: RawPeer?
  /// The test's end of the client's input. Setting it to nil ends the input.
  var input: Descriptor?
  /// The test's end of the client's output.
  var output: Descriptor?
  private(set) var peerNumber: CInt = -1
  let inputNumber: CInt
  let outputNumber: CInt
  private let which: EngineName
  private let endpoint: Endpoint
  private var ends: Ends
  private var thread: TestThread<(RelayOutcome, missed: [String])>?

  /// The ends that the engine uses and its thread closes.
  private struct Ends {
    var connection: CInt
    var input: CInt
    var output: CInt
  }

  /// Connects to a raw peer. `start` starts to copy.
  convenience init(_ which: EngineName, over transport: Transport = .ipv4) throws {
    let target = try transport.makeEndpoint()
    let listener = try RawListener(at: target.endpoint)
    try self.init(which, to: listener.endpoint)
    let peer = try listener.accept()
    peerNumber = peer.socket.number
    self.peer = consume peer
  }

  /// Connects to a server. `start` starts to copy.
  init(_ which: EngineName, to server: Endpoint) throws {
    let connection = try which.engine.openClient([server], timeout: .seconds(timeoutSeconds), observer: nil)
    let (input, output) = (try TestSystem.socketPair().release(), try TestSystem.pipe().release())
    self.which = which
    endpoint = connection.endpoint
    ends = Ends(connection: connection.release().release(), input: input.second, output: output.second)
    (inputNumber, outputNumber) = (input.first, output.first)
    self.input = Descriptor(owning: input.first)
    self.output = Descriptor(owning: output.first)
  }

  /// Starts to copy, from `extra` instead of the harness's input if there is one.
  func start(
    input extra: consuming Descriptor? = nil, options: RelayOptions = RelayOptions(), faults: [Fault] = []
  ) throws {
    if let extra {
      _ = Descriptor(owning: ends.input)
      ends.input = extra.release()
    }
    let (which, endpoint, ends) = (which, endpoint, ends)
    thread = try TestThread {
      let connection = Connection(Descriptor(owning: ends.connection), to: endpoint)
      let input = Descriptor(owning: ends.input)
      let output = Descriptor(owning: ends.output)
      let recorder = EventRecorder()
      let (ended, missed) = FaultInjection.run(faults) {
        failure {
          try which.engine.relay(
            connection, input: input.lent, output: output.lent, options: options, observer: recorder.observer)
        }
      }
      let roles = [input.number: Role.input, output.number: Role.output]
      return (RelayOutcome(events: recorder.masked(roles), failure: ended?.masked), missed)
    }
  }

  func wait() throws -> RelayOutcome {
    let (relayed, missed) = try thread!.value()
    FaultInjection.expectNoneMissed(missed)
    return relayed
  }

  func writeInput(_ text: String) throws(Errno) { try TestSystem.writeAll(inputNumber, Array(text)) }

  /// Returns what the client writes: this many bytes, or all until the end of its output.
  func written(_ count: Int = .max) throws(Errno) -> [UInt8] { try TestSystem.readAll(outputNumber, atMost: count) }

  func resetPeer() throws(Errno) {
    guard let peer = peer.take() else { return }
    try peer.reset()
  }

  /// Waits until this many bytes have arrived at the client. It must not copy yet. poll(2) can't wait for a count.
  func awaitArrival(of count: Int) throws {
    let end = ContinuousClock.now + .seconds(timeoutSeconds)
    while try TestSystem.unreadBytes(ends.connection) < count {
      guard ContinuousClock.now < end else { throw TimeoutError("the arrival of \(count) bytes") }
      try TestSystem.pause(milliseconds: 1)
    }
  }
}
