// A relay over a link in a thread of its own, and what stands at its ends.
internal import IPC
internal import SystemPackage
internal import Testing

final class CarryRun {
  /// What the client is given; nil ends it.
  var input: Descriptor?
  /// What the client writes.
  var output: Descriptor?
  let inputNumber: CInt
  let outputNumber: CInt
  private let which: Which
  private let endpoint: Endpoint
  private var ends: (input: CInt, output: CInt)
  private var worker: Worker<Relayed>?

  init(_ which: Which, to endpoint: Endpoint) throws {
    let (input, output) = (try Kernel.socketPair().release(), try Kernel.pipe().release())
    (self.which, self.endpoint) = (which, endpoint)
    ends = (input.second, output.second)
    (inputNumber, outputNumber) = (input.first, output.first)
    self.input = Descriptor(owning: input.first)
    self.output = Descriptor(owning: output.first)
  }

  /// Connects and copies from now on; from another input, if there is one.
  func start(input extra: consuming Descriptor? = nil) throws {
    if let extra {
      _ = Descriptor(owning: ends.input)
      ends.input = extra.release()
    }
    let (which, endpoint, ends) = (which, endpoint, ends)
    worker = try Worker {
      let input = Descriptor(owning: ends.input)
      let output = Descriptor(owning: ends.output)
      let link = try which.engine.client(of: endpoint)
      let recording = Recording()
      let ended = failure {
        try which.engine.relay(link, input: input.lent, output: output.lent, observer: recording.observer)
      }
      try which.engine.close(link)
      let roles = [input.number: Role.input, output.number: Role.output]
      return Relayed(events: recording.masked(roles), failure: ended?.masked)
    }
  }

  func wait() throws -> Relayed { try worker!.value() }

  func written(_ count: Int = .max) throws(Errno) -> [UInt8] { try Kernel.readAll(outputNumber, atMost: count) }
}
