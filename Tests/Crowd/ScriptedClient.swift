// A client that follows its script.
import Glibc
public import SystemPackage

/// What a client has seen.
public struct Visit: Sendable {
  public enum End: Equatable, Sendable {
    /// The server's end came.
    case ended
    /// The client left by itself.
    case left
    case failed(Errno)
  }

  /// As the server names the client.
  public let name: String
  /// Bytes that the kernel took of it.
  public let sent: Int
  public let received: [UInt8]
  public let end: End
}

final class Visitor {
  let script: Script
  /// Until it leaves.
  private var wire: Wire?
  private let name: String
  private(set) var isConnected = false
  private(set) var visit: Visit?

  private var piece = 0
  /// Bytes of that piece that are sent, and of all.
  private var part = 0
  private var sent = 0
  private var received: [UInt8] = []
  private var hasFinished = false
  /// When it may send, or read, again.
  private var sendsAt = 0
  private var readsAt = 0

  private var hasSent: Bool { piece == script.pieces.count }

  init(_ script: Script, at address: String, name: String) throws(Errno) {
    let wire = try Wire(for: address, as: name, window: script.window)
    (self.script, self.wire, self.name) = (script, wire, wire.name)
  }

  /// Does what it is time for, in milliseconds since the crowd set out.
  func turn(now: Int) throws(Errno) {
    guard let wire, now >= script.start else { return }
    if !isConnected {
      try wire.connect()
      isConnected = true
      (sendsAt, readsAt) = (now + (script.pieces.first?.pause ?? 0), now + script.stall)
    }
    send(now, on: wire)
    if hasSent, script.finishes, !hasFinished {
      wire.finish()
      hasFinished = true
    }
    if now >= readsAt { receive(now, on: wire) }
    if visit == nil, hasSent { leave(wire) }
  }

  /// A server that takes no more is no failure.
  private func send(_ now: Int, on wire: Wire) {
    while !hasSent, now >= sendsAt {
      let bytes = script.pieces[piece].bytes
      do throws(Errno) {
        guard let count = try wire.send(bytes.dropFirst(part)) else { return }
        (part, sent) = (part + count, sent + count)
      } catch {
        piece = script.pieces.count
        return
      }
      guard part == bytes.count else { continue }
      (piece, part) = (piece + 1, 0)
      if !hasSent { sendsAt = now + script.pieces[piece].pause }
    }
  }

  private func receive(_ now: Int, on wire: Wire) {
    do throws(Errno) {
      guard let bytes = try wire.receive(script.gulp) else { return }
      received += bytes
      readsAt = received.count >= script.most ? .max : now + script.breath
      if bytes.isEmpty { end(.ended) }
    } catch {
      end(.failed(error))
    }
  }

  private func leave(_ wire: Wire) {
    switch script.leaving {
    case .closing(let count) where received.count >= count: end(.left)
    case .resetting(let count) where received.count >= count:
      wire.resetOnClose()
      end(.left)
    default: break
    }
  }

  private func end(_ end: Visit.End) {
    visit = Visit(name: name, sent: sent, received: received, end: end)
    wire = nil
  }

  // MARK: Waiting

  /// What to wait for, as poll(2) has it; nothing while it waits for its time.
  func interest(now: Int) -> pollfd {
    guard let wire, isConnected else { return pollfd(fd: -1, events: 0, revents: 0) }
    let events = (now >= readsAt ? POLLIN : 0) | (!hasSent && now >= sendsAt ? POLLOUT : 0)
    return pollfd(fd: events == 0 ? -1 : wire.number, events: Int16(events), revents: 0)
  }

  /// When to do something by itself.
  func due(now: Int) -> Int? {
    if visit != nil { return nil }
    if !isConnected { return script.start }
    return [readsAt, hasSent ? now : sendsAt].filter { $0 > now && $0 < .max }.min()
  }
}
