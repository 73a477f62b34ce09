// Serving: accept a client, take turns with it, end well; then the next.
internal import Glibc
public import IPC
public import SystemPackage

extension SwiftEngine {
  public static func serve(
    _ server: borrowing Server, _ service: Service, keepOpen: Bool, stop: FileDescriptor?, output: FileDescriptor,
    observer: Observer?
  ) throws(Failure) {
    var serve = Serve(service: service, keepOpen: keepOpen, stop: stop, output: output, observer: observer)
    var goesOn: Bool
    do {
      repeat {
        let connection = try serve.acceptClient(server)
        goesOn = try serve.serveClient(connection, of: server)
      } while goesOn
    } catch {
      guard error.cause != .system(.canceled) else { return }
      throw error
    }
  }
}

/// All that serving needs to know, and its two buffers: what came and waits, and what a turn replies.
private struct Serve: ~Copyable {
  /// Turns in a row, before it is asked whether to stop.
  private static let turnsUnasked = 16

  let service: Service
  let keepOpen: Bool
  let stop: FileDescriptor?
  let output: FileDescriptor
  let observer: Observer?
  var input = [UInt8](repeating: 0, count: Limit.buffer)
  var reply = [UInt8](repeating: 0, count: Limit.buffer)

  /// How far it has come with one client.
  struct Progress {
    /// Bytes of input that wait.
    var held = 0
    /// Bytes of reply so far.
    var position: UInt64 = 0
    /// The client's end has come.
    var ended = false
  }

  /// Waits for a client. Stays when descriptors or memory run out, if it is to stay at all; that is told once.
  func acceptClient(_ server: borrowing Server) throws(Failure) -> Connection {
    let listener = server.descriptor.number
    var told: Cause?
    while true {
      do {
        if let connection = try SwiftEngine.accept(server.descriptor) {
          observer.tell(.accept, on: connection.descriptor.number, endpoint: connection.endpoint)
          return connection
        }
        _ = try SwiftEngine.wait(on: listener, for: .readable, stop: stop, until: .never)
      } catch {
        guard error.step == .accept else { throw Failure(.accept, error.cause, at: server.endpoint) }
        if error.cause != told {
          _ = observer.tell(.accept, on: listener, failed: error.cause, endpoint: server.endpoint)
          told = error.cause
        }
        guard keepOpen, error.cause.isShortage else { throw Failure(.accept, error.cause, at: server.endpoint) }
        try pause(server)
      }
    }
  }

  private func pause(_ server: borrowing Server) throws(Failure) {
    do {
      _ = try SwiftEngine.wait(on: -1, for: [], stop: stop, until: Deadline(after: Limit.acceptPause))
    } catch  where error.cause == .system(.canceled) {
      throw Failure(.accept, error.cause, at: server.endpoint)
    } catch {}
  }

  /// Whether to go on after this client.
  mutating func serveClient(_ connection: consuming Connection, of server: borrowing Server) throws(Failure) -> Bool {
    let (number, peer) = (connection.descriptor.number, connection.endpoint)
    var failure: Failure?
    do {
      try takeTurns(connection, of: server)
    } catch  where !isLeaving(error) {
      failure = error
    } catch {}
    // What prints is the server's own: when that fails, serving ends.
    let goesOn = keepOpen && failure?.step != .output && failure?.cause != .system(.canceled)
    try? SwiftEngine.close(connection.release())
    observer?(Event(.close, on: number, endpoint: peer, failure: goesOn ? failure : nil))
    guard !goesOn, let failure else { return goesOn }
    throw failure
  }

  /// The end that chargen waits for.
  private func isLeaving(_ failure: Failure) -> Bool {
    service == .chargen && (failure.cause == .system(.brokenPipe) || failure.cause == .system(.connectionReset))
  }

  /// Whether it is told to stop; a client that never lets us wait would keep that from being seen.
  private var isStopped: Bool {
    guard let stop else { return false }
    do {
      _ = try SwiftEngine.wait(on: -1, for: [], stop: stop, until: Deadline(after: .zero))
    } catch {
      return error.cause == .system(.canceled)
    }
    return false
  }

  private mutating func takeTurns(_ connection: borrowing Connection, of server: borrowing Server) throws(Failure) {
    var client = Progress()
    var turns = 0
    while true {
      turns += 1
      if turns % Self.turnsUnasked == 0 && isStopped { throw Failure(.wait, .canceled) }
      let turn = Self.turn(service, client, input, &reply)
      if turn.cut {
        let number = connection.descriptor.number
        _ = observer.tell(.receive, on: number, failed: .system(.messageTooLong), endpoint: connection.endpoint)
      }
      if turn.prints { try print(turn.consumed) }
      if turn.produced > 0 {
        let more = turn.wish == .end
        if turn.echoes {
          try sendAll(connection, input.span.extracting(first: turn.produced), more: more)
        } else {
          try sendAll(connection, reply.span.extracting(first: turn.produced), more: more)
        }
      }
      client.position += UInt64(turn.produced)
      if turn.consumed > 0 && turn.consumed < client.held {
        input.replaceSubrange(0..<client.held - turn.consumed, with: input[turn.consumed..<client.held])
      }
      client.held -= turn.consumed
      if turn.wish == .end {
        if !client.ended { endWell(connection, of: server) }
        return
      }
      if !client.ended { try receiveMore(connection, &client, wait: turn.wish == .input) }
    }
  }

  private static func turn(
    _ service: Service, _ client: Progress, _ input: [UInt8], _ reply: inout [UInt8]
  ) -> Turn {
    var output = reply.mutableSpan
    return SwiftEngine.turn(
      service, position: client.position, input: input.span.extracting(first: client.held), ended: client.ended,
      output: &output)
  }

  private mutating func receiveMore(
    _ connection: borrowing Connection, _ client: inout Progress, wait: Bool
  ) throws(Failure) {
    let number = connection.descriptor.number
    do {
      while true {
        var span = input.mutableSpan
        if let count = try SwiftEngine.ready(.receive, System.receive(number, &span, after: client.held)) {
          client.held += count
          client.ended = count == 0
          observer.tell(.receive, on: number, count: count, endpoint: connection.endpoint)
          return
        }
        guard wait else { return }
        _ = try SwiftEngine.wait(on: number, for: .readable, stop: stop, until: .never)
      }
    } catch {
      throw told(.receive, error, connection)
    }
  }

  private func sendAll(_ connection: borrowing Connection, _ bytes: Span<UInt8>, more: Bool) throws(Failure) {
    let number = connection.descriptor.number
    var rest = bytes
    do {
      while !rest.isEmpty {
        if let count = try SwiftEngine.send(connection.descriptor, rest, more: more) {
          rest = rest.extracting(droppingFirst: count)
        } else {
          _ = try SwiftEngine.wait(on: number, for: .writable, stop: stop, until: .never)
        }
      }
    } catch {
      throw told(.send, error, connection)
    }
    observer.tell(.send, on: number, count: bytes.count, endpoint: connection.endpoint)
  }

  /// A stop is no failure, and nothing to tell of.
  private func told(_ step: Step, _ failure: Failure, _ connection: borrowing Connection) -> Failure {
    guard failure.cause != .system(.canceled) else { return failure }
    return observer.tell(step, on: connection.descriptor.number, failed: failure.cause, endpoint: connection.endpoint)
  }

  private func print(_ length: Int) throws(Failure) {
    let text = SwiftEngine.messageText(input.span.extracting(first: length))
    do {
      try SwiftEngine.write(output, text.span)
    } catch {
      throw observer.tell(.output, on: output.rawValue, failed: error.cause)
    }
    observer.tell(.output, on: output.rawValue, count: text.count)
  }

  /// Whether the client's kernel has not yet got all that was sent: a reset would cost it that.
  private func isUnderWay(_ connection: borrowing Connection, of server: borrowing Server) -> Bool {
    guard case .tcp = server.endpoint else { return false }
    return System.unsent(connection.descriptor.number) > 0
  }

  /// Ends a connection whose client may still be sending. Closing with input unread would be a reset, and could cost the
  /// client what was sent to it last: so end our direction, then discard the input, for `Limit.linger` at most (RFC 1122,
  /// section 4.2.2.13). A Unix client that sends later still would be reset: there the other direction ends too, and it
  /// gets EPIPE.
  private mutating func endWell(_ connection: borrowing Connection, of server: borrowing Server) {
    let number = connection.descriptor.number
    let how = if case .tcp = server.endpoint { SHUT_WR } else { SHUT_RDWR }
    guard System.shutdown(number, CInt(how)) >= 0 else { return }
    var deadline: Deadline?
    while true {
      var span = input.mutableSpan
      let result = System.receive(number, &span)
      if result == 0 || (result < 0 && result != -Int(EAGAIN)) { return }
      if result < 0, deadline == nil, !isUnderWay(connection, of: server) { return }
      let end = deadline ?? Deadline(after: Limit.linger)
      deadline = end
      if end.isPast { return }
      do { _ = try SwiftEngine.wait(on: number, for: .readable, stop: stop, until: end) } catch { return }
    }
  }
}

extension Cause {
  /// Descriptors or memory ran out.
  fileprivate var isShortage: Bool {
    switch self {
    case .system(.tooManyOpenFiles), .system(.tooManyOpenFilesInSystem), .system(.noBufferSpace), .system(.noMemory):
      true
    default: false
    }
  }
}
