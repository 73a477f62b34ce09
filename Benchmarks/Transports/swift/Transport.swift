import Glibc
import IPC
import SwiftEngine
import SystemPackage

/// Sends and receives all bytes over any transport of the engine, as in `transport.c`.
enum Transport: ~Copyable {
  case link(Link)
  case socket(Descriptor)

  static let patience = Duration.seconds(20)

  /// Listens, announces the endpoint, and waits for the other end.
  static func serve(_ endpoint: Endpoint, _ announce: (Endpoint) throws -> Void) throws -> Transport {
    if endpoint.isLocal {
      let link = try SwiftEngine.listen(at: endpoint, LinkSizes(), observer: nil)
      try announce(endpoint)
      try SwiftEngine.accept(link, extra: nil, timeout: patience)
      return .link(link)
    }
    let server = try SwiftEngine.openServer([endpoint], ListenOptions(backlog: 1, keepAlive: .zero), observer: nil)
    try announce(server.endpoint)
    _ = try SwiftEngine.wait(server.descriptor.lent, for: .readable, stop: nil, timeout: patience)
    let connection = try SwiftEngine.accept(server.descriptor)!
    try SwiftEngine.close(server)
    return .socket(connection.release())
  }

  static func connect(to endpoint: Endpoint) throws -> Transport {
    if endpoint.isLocal {
      return .link(try SwiftEngine.connect(to: endpoint, waits: true, timeout: patience, observer: nil))
    }
    return .socket(try SwiftEngine.openClient([endpoint], timeout: patience, observer: nil).release())
  }

  private borrowing func await(_ events: Readiness) throws {
    switch self {
    case .link(let link): _ = try SwiftEngine.wait(link, for: events, extra: nil, timeout: Self.patience)
    case .socket(let socket): _ = try SwiftEngine.wait(socket.lent, for: events, stop: nil, timeout: Self.patience)
    }
  }

  private borrowing func sendSome(_ bytes: Span<UInt8>) throws -> Int? {
    switch self {
    case .link(let link): try SwiftEngine.send(link, bytes)
    case .socket(let socket): try SwiftEngine.send(socket, bytes, more: false)
    }
  }

  private borrowing func receiveSome(_ buffer: inout MutableSpan<UInt8>) throws -> Int? {
    switch self {
    case .link(let link): try SwiftEngine.receive(link, into: &buffer)
    case .socket(let socket): try SwiftEngine.receive(socket, into: &buffer)
    }
  }

  borrowing func send(_ bytes: Span<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      if let count = try sendSome(rest) {
        rest = rest.extracting(droppingFirst: count)
      } else {
        try self.await(.writable)
      }
    }
  }

  /// Receives fewer bytes only at the end of the stream.
  borrowing func receive(_ buffer: inout MutableSpan<UInt8>) throws {
    var held = 0
    while held < buffer.count {
      var rest = buffer._mutatingExtracting(held..<buffer.count)
      if let count = try receiveSome(&rest) {
        if count == 0 { return }
        held += count
      } else {
        try self.await(.readable)
      }
    }
  }

  consuming func close() throws {
    switch consume self {
    case .link(let link): try SwiftEngine.close(link)
    case .socket(let socket): try SwiftEngine.close(socket)
    }
  }
}
