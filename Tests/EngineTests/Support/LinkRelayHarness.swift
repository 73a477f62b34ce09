// A relay over a link in a thread of its own, and the ends that the test uses.
internal import IPC
internal import SystemPackage
internal import Testing

final class LinkRelayHarness {
  /// The test's end of the client's input. Setting it to nil ends the input.
  var input: Descriptor?
  /// The test's end of the client's output.
  var output: Descriptor?
  let inputNumber: CInt
  let outputNumber: CInt
  private let which: EngineName
  private let endpoint: Endpoint
  private var ends: (input: CInt, output: CInt)
  private var thread: TestThread<RelayOutcome>?

  init(_ which: EngineName, to endpoint: Endpoint) throws {
    let (input, output) = (try TestSystem.socketPair().release(), try TestSystem.pipe().release())
    (self.which, self.endpoint) = (which, endpoint)
    ends = (input.second, output.second)
    (inputNumber, outputNumber) = (input.first, output.first)
    self.input = Descriptor(owning: input.first)
    self.output = Descriptor(owning: output.first)
  }

  /// Connects and starts to copy, from `extra` instead of the harness's input if there is one.
  func start(
    input extra: consuming Descriptor? = nil, options: RelayOptions = RelayOptions()
  ) throws {
    if let extra {
      _ = Descriptor(owning: ends.input)
      ends.input = extra.release()
    }
    let (which, endpoint, ends) = (which, endpoint, ends)
    thread = try TestThread {
      let input = Descriptor(owning: ends.input)
      let output = Descriptor(owning: ends.output)
      let link = try which.engine.connectClient(to: endpoint)
      let recorder = EventRecorder()
      let ended = failure {
        try which.engine.relay(
          link, input: input.lent, output: output.lent, options: options, observer: recorder.observer)
      }
      try which.engine.close(link)
      let roles = [input.number: Role.input, output.number: Role.output]
      return RelayOutcome(events: recorder.masked(roles), failure: ended?.masked)
    }
  }

  func wait() throws -> RelayOutcome { try thread!.value() }

  /// Returns what the client writes: this many bytes, or all until the end of its output.
  func written(_ count: Int = .max) throws(Errno) -> [UInt8] { try TestSystem.readAll(outputNumber, atMost: count) }
}
