internal import IPC
internal import SystemPackage

/// A pipe without room.
final class FullPipe {
  let reader: CInt
  let writer: Descriptor
  /// The bytes that are in it.
  private let filler: Int

  init() throws {
    let ends = try TestSystem.pipe().release()
    reader = ends.first
    writer = Descriptor(owning: ends.second)
    var filler = 0
    while try TestSystem.isWritable(ends.second, within: 0) {
      filler += try TestSystem.write(ends.second, [UInt8](repeating: 0, count: 4096)[...])
    }
    self.filler = filler
  }

  deinit { try? FileDescriptor(rawValue: reader).close() }

  /// A copy, for the server.
  func output() throws -> Descriptor { Descriptor(owning: try TestSystem.duplicate(writer)) }

  func makeRoom() throws { _ = try TestSystem.readAll(reader, atMost: filler) }
}
