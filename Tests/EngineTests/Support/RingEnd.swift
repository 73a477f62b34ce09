// The two sides of a ring, for any pair of engines.
internal import IPC
internal import Synchronization
internal import SystemPackage
internal import Testing

/// The engines of the two sides.
struct Sides: CaseIterable, CustomTestStringConvertible, Sendable {
  let first: EngineName
  let second: EngineName

  static let allCases = EngineName.allCases.flatMap { first in
    EngineName.allCases.map { Sides(first: first, second: $0) }
  }

  subscript(_ side: Ring.Side) -> EngineName { side == .first ? first : second }

  var testDescription: String { "\(first)-\(second)" }
}

/// One side of a ring, for use in one thread.
final class RingEnd {
  private let engine: any Engine.Type
  private let object: SharedObject
  private var ring: Ring?

  init(_ which: EngineName, _ object: SharedObject, _ side: Ring.Side, spins: UInt32? = nil) throws {
    engine = which.engine
    self.object = object
    var ring = try engine.openRing(object.memory, as: side)
    if let spins { ring.spins = spins }
    self.ring = consume ring
  }

  func send(_ bytes: [UInt8]) throws -> Int? { try send(bytes[...]) }

  func send(_ bytes: ArraySlice<UInt8>) throws -> Int? { try engine.send(&ring!, bytes.span) }

  func receive(atMost count: Int) throws -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    var span = buffer.mutableSpan
    guard let received = try engine.receive(&ring!, into: &span) else { return nil }
    return Array(buffer.prefix(received))
  }

  func wait(for events: Readiness, _ timeout: Duration? = .seconds(timeoutSeconds)) throws -> Readiness {
    try engine.wait(&ring!, for: events, timeout: timeout)
  }

  func wake(_ events: Readiness) throws { try engine.wake(ring!, for: events) }

  func halfClose() throws { try engine.halfClose(&ring!) }

  func close() throws { try engine.close(ring.take()!) }

  // MARK: Whole messages

  func sendAll(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      if let count = try send(rest) { rest = rest.dropFirst(count) } else { _ = try wait(for: .writable) }
    }
  }

  /// Receives this many bytes, or fewer if the other side half-closes first.
  func receiveAll(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      if let some = try receive(atMost: count - bytes.count) {
        if some.isEmpty { break }
        bytes += some
      } else {
        _ = try wait(for: .readable)
      }
    }
    return bytes
  }
}

/// A flag that one thread raises once for others to see.
final class Flag: Sendable {
  private let raised = Atomic(false)

  var isRaised: Bool { raised.load(ordering: .acquiring) }

  func raise() { raised.store(true, ordering: .releasing) }
}

extension SharedObject {
  /// Makes empty rings, prepared by the first side's engine. The counts of both directions start at `start`.
  convenience init(_ sides: Sides, capacity: Int, start: UInt32 = 0, mappings: Int = 1) throws {
    let needed = try sides.first.engine.ringSize(capacity: capacity)
    try self.init(size: (needed + 4095) / 4096 * 4096, mappings: mappings)
    try sides.first.engine.prepareRing(memory, capacity: capacity)
    for side in Ring.Side.allCases {
      memory[word: RingLayout.written + Int(side.rawValue) * 2 * RingLayout.line] = start
      memory[word: RingLayout.read + Int(side.rawValue) * 2 * RingLayout.line] = start
    }
  }

  func ends(_ sides: Sides) throws -> (RingEnd, RingEnd) {
    (try RingEnd(sides.first, self, .first), try RingEnd(sides.second, self, .second))
  }
}
