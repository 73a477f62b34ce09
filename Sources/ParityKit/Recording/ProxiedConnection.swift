internal import SystemPackage

/// A client's connection and the connection to the server that it is forwarded to: bytes, the end of a direction, a
/// reset.
final class ProxiedConnection {
  private let name: String
  /// The client's socket and the server's; -1 after each was closed.
  private var sockets: [CInt]
  /// Bytes to write to each socket. Meanwhile nothing is read from the other one.
  private var pending: [ArraySlice<UInt8>] = [[], []]
  private var hasEnded = [false, false]
  private var isConnecting: Bool
  private var isKnown = false
  /// The server refused the connection.
  private(set) var refusal: String?

  var isOver: Bool { sockets[0] < 0 }

  private static let client = 0
  private static let server = 1

  init(_ name: String, client: CInt, to address: SocketAddress) {
    (self.name, sockets, isConnecting) = (name, [client, -1], false)
    do throws(Errno) {
      sockets[Self.server] = try System.socket(for: address)
      isConnecting = try !System.connect(sockets[Self.server], to: address)
    } catch {
      refuse(error)
    }
  }

  deinit { for socket in sockets where socket >= 0 { System.close(socket) } }

  // MARK: In a poll loop

  var watches: [System.Watch] {
    if isOver { return [] }
    if isConnecting { return [System.Watch(sockets[Self.server], output: true)] }
    return [Self.client, Self.server].compactMap { side in
      let watch = System.Watch(sockets[side], input: canRead(side), output: !pending[side].isEmpty)
      return watch.forInput || watch.forOutput ? watch : nil
    }
  }

  private func canRead(_ side: Int) -> Bool { !hasEnded[side] && pending[1 - side].isEmpty }

  /// Reads and writes without waiting.
  func serve(_ session: inout RecordedSession) {
    if isOver { return }
    if isConnecting {
      var watch = [System.Watch(sockets[Self.server], output: true)]
      System.poll(&watch, milliseconds: 0)
      if !watch[0].isReady { return }
      if let error = System.pendingError(sockets[Self.server]) { return refuse(error) }
      isConnecting = false
    }
    if !isKnown { session.note(name, .connected) }
    isKnown = true
    for side in [Self.server, Self.client] {
      if !isOver { flush(side, &session) }
      if !isOver, canRead(side) { take(side, &session) }
    }
    if !isOver, hasEnded == [true, true], pending.allSatisfy(\.isEmpty) {
      session.note(name, .closed)
      drop()
    }
  }

  private func take(_ side: Int, _ session: inout RecordedSession) {
    do throws(Errno) {
      guard let bytes = try System.read(sockets[side], atMost: Limits.chunk) else { return }
      if bytes.isEmpty {
        hasEnded[side] = true
        session.note(name, side == Self.client ? .halfClosed : .ended)
        try? System.halfClose(sockets[1 - side])
      } else {
        session.note(name, side == Self.client ? .sent(bytes) : .received(bytes.count))
        pending[1 - side] = bytes[...]
        flush(1 - side, &session)
      }
    } catch {
      session.note(name, side == Self.client ? .didReset : .ended)
      drop(resetting: 1 - side)
    }
  }

  private func flush(_ side: Int, _ session: inout RecordedSession) {
    do throws(Errno) {
      while !pending[side].isEmpty {
        let count = try System.send(sockets[side], pending[side].prefix(Limits.chunk), urgent: false)
        if count == 0 { return }
        pending[side] = pending[side].dropFirst(count)
      }
    } catch {
      // The other end receives no more: after its end it has closed, otherwise it has reset the connection.
      switch (side, hasEnded[side]) {
      case (Self.client, true): session.note(name, .closed)
      case (Self.client, false): session.note(name, .didReset)
      case (_, false): session.note(name, .ended)
      case (_, true): break
      }
      drop(resetting: 1 - side)
    }
  }

  private func refuse(_ error: Errno) {
    refusal = error.description
    drop(resetting: Self.client)
  }

  private func drop(resetting side: Int? = nil) {
    for index in sockets.indices where sockets[index] >= 0 {
      if index == side { System.reset(sockets[index]) } else { System.close(sockets[index]) }
      sockets[index] = -1
    }
  }
}
