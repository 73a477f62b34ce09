internal import SystemPackage

/// The file of a bundle that is being made. It is opened before the work, for its owner only, beside its place, and it
/// takes its place when it is complete. If the work ends before, nothing is left.
public final class BundleFile: Sendable {
  public let path: String
  private let compression: Compression
  private let temporary: String
  private let descriptor: CInt

  /// Creates the file, and finds the programs that it needs.
  public init(_ path: String) throws(InputError) {
    func refused(_ what: String) -> InputError { InputError(file: path, line: nil, what: what, allowed: []) }
    compression = try Compression(of: path)
    _ = try compression.tool?.locate(for: path)
    _ = try Tool.sha256sum.locate(for: path)
    if let kind = System.kind(of: path), kind != .file { throw refused("can't be replaced: it is a \(kind.rawValue)") }
    let name = "\(path).\(System.processIdentifier)"
    var opened: CInt = -1
    do throws(Errno) {
      temporary = try SignalCleanup.addFolder { () throws(Errno) in
        opened = try System.createPrivate(name)
        return name
      }
    } catch {
      throw refused("can't be written: \(error)")
    }
    (self.path, descriptor) = (path, opened)
  }

  deinit {
    System.close(descriptor)
    System.removeTree(temporary)
    SignalCleanup.remove(folder: temporary)
  }

  /// Writes the archive, and gives it its name.
  ///
  /// - Returns: The SHA-256 of the archive.
  func write(_ files: [Archive.File]) throws(InputError) -> String {
    let packed = try compression.pack(try Archive.bytes(files, path), path)
    do throws(Errno) {
      var rest = packed[...]
      while !rest.isEmpty { rest = rest.dropFirst(try System.write(descriptor, rest)) }
      try System.rename(temporary, to: path)
    } catch {
      throw InputError(file: path, line: nil, what: "can't be written: \(error)", allowed: [])
    }
    return try Digest.of(packed, for: path)
  }

  /// Reads the files of an archive, and its SHA-256.
  static func read(_ path: String) throws(InputError) -> (files: [Archive.File], digest: String) {
    let compression = try Compression(of: path)
    guard let packed = System.contents(of: path, atMost: Limits.bundle + 1) else {
      throw InputError(file: path, line: nil, what: "can't be read", allowed: [])
    }
    if packed.count > Limits.bundle {
      throw InputError(file: path, line: nil, what: "more than \(Limits.bundle) bytes", allowed: [])
    }
    return (try Archive.files(in: try compression.unpack(packed, path), path), try Digest.of(packed, for: path))
  }
}
