// A relay in a thread of its own, and what stands at its three ends.
internal import IPC
internal import SystemPackage
internal import Testing

/// How relaying ended, and what was seen of it.
struct Relayed: Equatable, Sendable {
  var events: [Event]
  var failure: Failure?
}

/// The fields end in their order: the thread last, when nothing holds it any more.
final class RelayRun {
  /// The server's end; nil closes it.
  var peer: Peer?
  /// What the client is given; nil ends it.
  var input: Descriptor?
  /// What the client writes.
  var output: Descriptor?
  private(set) var peerNumber: CInt = -1
  let inputNumber: CInt
  let outputNumber: CInt
  private let which: Which
  private let endpoint: Endpoint
  private var ends: Ends
  private var worker: Worker<(Relayed, missed: [String])>?

  /// What the engine gets, and its thread closes.
  private struct Ends {
    var connection: CInt
    var input: CInt
    var output: CInt
  }

  /// Connects to a raw peer, and does not copy yet.
  convenience init(_ which: Which, over transport: Transport = .ipv4) throws {
    let place = try transport.place()
    let listener = try Listener(at: place.endpoint)
    try self.init(which, to: listener.endpoint)
    let peer = try listener.accept()
    peerNumber = peer.socket.number
    self.peer = consume peer
  }

  /// Connects to a server, and does not copy yet.
  init(_ which: Which, to server: Endpoint) throws {
    let connection = try which.engine.openClient([server], timeout: .seconds(patience), observer: nil)
    let (input, output) = (try Kernel.socketPair().release(), try Kernel.pipe().release())
    self.which = which
    endpoint = connection.endpoint
    ends = Ends(connection: connection.release().release(), input: input.second, output: output.second)
    (inputNumber, outputNumber) = (input.first, output.first)
    self.input = Descriptor(owning: input.first)
    self.output = Descriptor(owning: output.first)
  }

  /// Copies from now on; from another input, if there is one.
  func start(input extra: consuming Descriptor? = nil, faults: [Fault] = []) throws {
    if let extra {
      _ = Descriptor(owning: ends.input)
      ends.input = extra.release()
    }
    let (which, endpoint, ends) = (which, endpoint, ends)
    worker = try Worker {
      let connection = Connection(Descriptor(owning: ends.connection), to: endpoint)
      let input = Descriptor(owning: ends.input)
      let output = Descriptor(owning: ends.output)
      let recording = Recording()
      let (ended, missed) = Fault.run(faults) {
        failure {
          try which.engine.relay(
            connection, input: input.lent, output: output.lent, observer: recording.observer)
        }
      }
      let roles = [input.number: Role.input, output.number: Role.output]
      return (Relayed(events: recording.masked(roles), failure: ended?.masked), missed)
    }
  }

  func wait() throws -> Relayed {
    let (relayed, missed) = try worker!.value()
    #expect(missed.isEmpty, "faults did not happen")
    return relayed
  }

  func give(_ text: String) throws(Errno) { try Kernel.writeAll(inputNumber, Array(text)) }

  /// What the client writes: so many bytes, or all until its end.
  func written(_ count: Int = .max) throws(Errno) -> [UInt8] { try Kernel.readAll(outputNumber, atMost: count) }

  func resetPeer() throws(Errno) {
    guard let peer = peer.take() else { return }
    try peer.reset()
  }

  /// Waits until that many bytes have come, which the client does not read yet.
  func await(waiting count: Int) throws {
    let end = ContinuousClock.now + .seconds(patience)
    while try Kernel.waiting(ends.connection) < count {
      guard ContinuousClock.now < end else { throw Overdue("\(count) bytes") }
      _ = try Kernel.isReadable(-1, within: 1)  // a pause: poll(2) can't wait for a count
    }
  }
}
