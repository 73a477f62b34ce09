// A client that follows its script.
import Glibc
public import SystemPackage

/// What a client observed.
public struct ClientOutcome: Sendable {
  public enum End: Equatable, Sendable {
    case serverClosed
    case clientLeft
    case failed(Errno)
  }

  /// The client's endpoint, as the server prints it.
  public let name: String
  /// How many bytes the client's kernel accepted.
  public let sent: Int
  public let received: [UInt8]
  public let end: End
}

final class ScriptedClient {
  let script: ClientScript
  /// nil once the client has left.
  private var socket: RawSocket?
  private let name: String
  private(set) var isConnected = false
  /// nil until the client has left.
  private(set) var outcome: ClientOutcome?

  private var piece = 0
  /// How many bytes are sent, of the current piece and in all.
  private var sentOfPiece = 0
  private var sent = 0
  private var received: [UInt8] = []
  private var hasHalfClosed = false
  /// The times of the next send and the next read.
  private var sendsAt = 0
  private var readsAt = 0

  private var hasSentAll: Bool { piece == script.pieces.count }

  init(_ script: ClientScript, at address: String, name: String) throws(Errno) {
    let socket = try RawSocket(for: address, as: name, receiveBuffer: script.receiveBuffer)
    (self.script, self.socket, self.name) = (script, socket, socket.name)
  }

  /// Does all that is due. The time is in milliseconds since the crowd started.
  func step(now: Int) throws(Errno) {
    guard let socket, now >= script.start else { return }
    if !isConnected {
      try socket.connect()
      isConnected = true
      (sendsAt, readsAt) = (now + (script.pieces.first?.delay ?? 0), now + script.readDelay)
    }
    send(now, on: socket)
    if hasSentAll, script.halfCloses, !hasHalfClosed {
      socket.halfClose()
      hasHalfClosed = true
    }
    if now >= readsAt { receive(now, on: socket) }
    if outcome == nil, hasSentAll { leaveIfDue(socket) }
  }

  /// Stops sending on an error: a server may close before it has received everything.
  private func send(_ now: Int, on socket: RawSocket) {
    while !hasSentAll, now >= sendsAt {
      let bytes = script.pieces[piece].bytes
      do throws(Errno) {
        guard let count = try socket.send(bytes.dropFirst(sentOfPiece)) else { return }
        (sentOfPiece, sent) = (sentOfPiece + count, sent + count)
      } catch {
        piece = script.pieces.count
        return
      }
      guard sentOfPiece == bytes.count else { continue }
      (piece, sentOfPiece) = (piece + 1, 0)
      if !hasSentAll { sendsAt = now + script.pieces[piece].delay }
    }
  }

  private func receive(_ now: Int, on socket: RawSocket) {
    do throws(Errno) {
      guard let bytes = try socket.receive(script.readSize) else { return }
      received += bytes
      readsAt = received.count >= script.readLimit ? .max : now + script.readInterval
      if bytes.isEmpty { end(.serverClosed) }
    } catch {
      end(.failed(error))
    }
  }

  private func leaveIfDue(_ socket: RawSocket) {
    switch script.departure {
    case .closing(let count) where received.count >= count: end(.clientLeft)
    case .resetting(let count) where received.count >= count:
      socket.resetOnClose()
      end(.clientLeft)
    default: break
    }
  }

  private func end(_ end: ClientOutcome.End) {
    outcome = ClientOutcome(name: name, sent: sent, received: received, end: end)
    socket = nil
  }

  // MARK: Waiting

  /// The entry for poll(2). The descriptor is negative, which poll ignores, while the client waits only for time to pass.
  func interest(now: Int) -> pollfd {
    guard let socket, isConnected else { return pollfd(fd: -1, events: 0, revents: 0) }
    let events = (now >= readsAt ? POLLIN : 0) | (!hasSentAll && now >= sendsAt ? POLLOUT : 0)
    return pollfd(fd: events == 0 ? -1 : socket.number, events: Int16(events), revents: 0)
  }

  /// The time at which the client must step even if its socket is not ready.
  func due(now: Int) -> Int? {
    if outcome != nil { return nil }
    if !isConnected { return script.start }
    return [readsAt, hasSentAll ? now : sendsAt].filter { $0 > now && $0 < .max }.min()
  }
}
