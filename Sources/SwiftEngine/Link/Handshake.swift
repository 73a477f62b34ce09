// The states by which client and server meet. Both write them into the rendezvous, each in a place of its own.
internal import IPC
internal import SystemPackage

/// How far an end is, `enum ipc_pipe_state`. The peer may have written any other number.
struct HandshakeState: Comparable {
  static let hello = HandshakeState(rawValue: 1)
  static let welcome = HandshakeState(rawValue: 2)
  static let opened = HandshakeState(rawValue: 3)
  static let ended = HandshakeState(rawValue: 4)
  static let closed = HandshakeState(rawValue: 5)
  static let reset = HandshakeState(rawValue: 6)

  let rawValue: UInt64

  static func < (left: HandshakeState, right: HandshakeState) -> Bool { left.rawValue < right.rawValue }
}

/// The start of a rendezvous, `struct ipc_pipe_rendezvous`; that of shared memory has its states in the same places.
struct PipeRendezvous: BitwiseCopyable {
  static let expectedHead = rendezvousHead(magic: 0x5043_5049)
  static let clientOffset = 8
  static let serverOffset = 16
  static let size = 24

  let head = Self.expectedHead
  let client: UInt64 = 0
  let server: UInt64 = 0
}

/// The first eight bytes of a rendezvous: a magic number, and the version.
func rendezvousHead(magic: UInt32) -> UInt64 { UInt64(1) << 32 | UInt64(magic) }

/// A pipe's and shared memory's part of `NameLock`.
struct Handshake {
  private static let stateBits: UInt64 = 3
  private static let stateMask: UInt64 = 1 << stateBits - 1

  let lock: NameLock
  let isPipe: Bool

  private func stateOffset(ofServer: Bool) -> Int {
    ofServer ? PipeRendezvous.serverOffset : PipeRendezvous.clientOffset
  }

  /// The ticket and the state that the server or the client wrote, or 0.
  private func readWord(ofServer: Bool) -> UInt64 {
    var word: UInt64 = 0
    let count = try? File.read(lock.number, at: stateOffset(ofServer: ofServer), &word)
    return count == MemoryLayout<UInt64>.size ? word : 0
  }

  private func readPeer() -> UInt64 { readWord(ofServer: !lock.isServer) }

  /// The ticket of a living client that says hello.
  func findClient() -> UInt64? {
    let word = readPeer()
    let ticket = word >> Self.stateBits
    return word & Self.stateMask == HandshakeState.hello.rawValue && lock.hasClient(ticket) ? ticket : nil
  }

  /// Writes this end's state, with the ticket.
  func write(_ state: HandshakeState) throws(Cause) {
    try File.write(
      lock.number, at: stateOffset(ofServer: lock.isServer), lock.ticket << Self.stateBits | state.rawValue)
  }

  /// The peer's state; nil if it has written none with this ticket.
  var peerState: HandshakeState? {
    let word = readPeer()
    let state = word & Self.stateMask
    return word >> Self.stateBits == lock.ticket && state != 0 ? HandshakeState(rawValue: state) : nil
  }

  private func peerState(isAtLeast state: HandshakeState) -> Bool { peerState.map { $0 >= state } ?? false }

  var peerHasOpened: Bool { peerState(isAtLeast: .opened) }

  /// Whether the peer has ended. A peer that opened a FIFO by hand writes no state: closing its FIFO is enough.
  var peerHasEnded: Bool { lock.ticket == 0 || peerState(isAtLeast: .ended) }

  /// The same for closing.
  var peerHasClosed: Bool { lock.ticket == 0 || peerState(isAtLeast: .closed) }

  /// Whether the peer has closed because it failed.
  var peerHasFailed: Bool { lock.ticket != 0 && peerState == .reset }

  /// Whether the server of a pipe still serves the former client, which has gone. Its state tells the server whether it
  /// has ended or died, so the next hello must not replace it yet. The rings of shared memory tell that themselves.
  private func servesFormer() -> Bool {
    guard isPipe else { return false }
    let server = readWord(ofServer: true)
    return server & Self.stateMask == HandshakeState.welcome.rawValue
      && server >> Self.stateBits == readWord(ofServer: false) >> Self.stateBits
  }

  /// Connects a client: acquires the client's lock, says hello, and waits for the server's welcome.
  /// - Throws: EBUSY, ECONNREFUSED if the server accepts no clients any more, ETIMEDOUT.
  func connect(waits: Bool, until deadline: Deadline) throws(Cause) {
    lock.watch()
    try lock.acquireClient(waits: waits, until: deadline)
    while servesFormer() {
      guard lock.isOpen else { throw .system(.connectionRefused) }
      guard waits else { throw .system(.resourceBusy) }
      try lock.waitForChange(until: deadline)
    }
    try write(.hello)
    while true {
      let isOpen = lock.isOpen  // first: a server may give up its name right after the welcome
      if peerState == .welcome { return }
      guard isOpen else { throw .system(.connectionRefused) }
      try lock.waitForChange(until: deadline)
    }
  }
}
