import IPC
import SwiftEngine

/// Sends and receives all bytes over a ring, as in `link.c`.
struct Link: ~Copyable {
  static let patience = Duration.seconds(20)

  var ring: Ring

  mutating func send(_ bytes: Span<UInt8>) throws(Failure) {
    var rest = bytes
    while !rest.isEmpty {
      if let count = try SwiftEngine.send(&ring, rest) {
        rest = rest.extracting(droppingFirst: count)
      } else {
        _ = try SwiftEngine.wait(&ring, for: .writable, timeout: Self.patience)
      }
    }
  }

  /// Receives fewer bytes only at the end of the stream.
  mutating func receive(_ buffer: inout MutableSpan<UInt8>) throws(Failure) {
    var held = 0
    while held < buffer.count {
      var rest = buffer._mutatingExtracting(held..<buffer.count)
      if let count = try SwiftEngine.receive(&ring, into: &rest) {
        if count == 0 { return }
        held += count
      } else {
        _ = try SwiftEngine.wait(&ring, for: .readable, timeout: Self.patience)
      }
    }
  }
}
