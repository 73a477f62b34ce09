import Glibc
import SystemPackage

/// Reads and writes the files that record what the compiler reports.
enum Files {
  /// Whether the tests record what they find, instead of comparing it.
  static let records = unsafe getenv("DIPTYCH_RECORD") != nil

  static func read(_ path: String) throws -> String {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
      let bytes = unsafe try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  static func write(_ text: String, to path: String) throws {
    let file = try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }
}
