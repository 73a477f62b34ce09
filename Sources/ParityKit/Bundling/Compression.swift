/// How an archive is compressed, which the ending of its name says.
enum Compression: String, CaseIterable {
  case none = ".tar"
  case gzip = ".tar.gz"
  case zstd = ".tar.zst"

  init(of path: String) throws(InputError) {
    guard let ending = Self.allCases.first(where: { path.hasSuffix($0.rawValue) }) else {
      throw InputError(
        file: path, line: nil, what: "the ending does not say how the archive is compressed",
        allowed: Self.allCases.map(\.rawValue))
    }
    self = ending
  }

  /// The program that compresses; nil if none is needed.
  var tool: Tool? {
    switch self {
    case .none: nil
    case .gzip: .gzip
    case .zstd: .zstd
    }
  }

  /// Without the time and a name, so that the same archive gives the same bytes.
  private var packing: [String] {
    switch self {
    case .none: []
    case .gzip: ["-n", "-c"]
    case .zstd: ["-q", "-c", "-T1"]
    }
  }

  func pack(_ bytes: [UInt8], _ archive: String) throws(InputError) -> [UInt8] {
    try tool?.run(packing, bytes, atMost: Limits.bundle, for: archive) ?? bytes
  }

  /// Ends the program as soon as it returns more than a bundle may have.
  func unpack(_ bytes: [UInt8], _ archive: String) throws(InputError) -> [UInt8] {
    try tool?.run(["-d", "-q", "-c"], bytes, atMost: Limits.bundle, for: archive) ?? bytes
  }
}
