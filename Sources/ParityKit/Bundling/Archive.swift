/// The files of a bundle, in the format ustar of POSIX (pax(1)). The same files give the same bytes: sorted names, no
/// owner, no time, mode 0644. Only such archives are read: no folders, links or devices, and no way out of the archive.
enum Archive {
  struct File: Hashable {
    let name: String
    let bytes: [UInt8]
  }

  private static let block = 512
  /// Offset and length of the fields of a header.
  private static let (name, mode, owner, group) = (0..<100, 100..<108, 108..<116, 116..<124)
  private static let (size, time, sum, kind, magic) = (124..<136, 136..<148, 148..<156, 156, 257..<265)
  private static let (link, prefix) = (157..<257, 345..<500)

  // MARK: Writing

  /// `archive` names the archive in errors.
  static func bytes(_ files: [File], _ archive: String) throws(InputError) -> [UInt8] {
    try check(files.map(\.name), total: files.reduce(0) { $0 + $1.bytes.count }, archive)
    var bytes: [UInt8] = []
    for file in files.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      if file.bytes.count > Limits.bundledFile { throw refused(archive, file.name, tooLarge) }
      bytes += header(file) + file.bytes
      bytes += [UInt8](repeating: 0, count: (block - file.bytes.count % block) % block)
    }
    return bytes + [UInt8](repeating: 0, count: 2 * block)
  }

  private static func header(_ file: File) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ text: String, _ field: Range<Int>) {
      header.replaceSubrange(field.lowerBound..<field.lowerBound + text.utf8.count, with: text.utf8)
    }
    func octal(_ number: Int, _ field: Range<Int>) {
      let digits = String(number, radix: 8)
      put(String(repeating: "0", count: field.count - 1 - digits.count) + digits, field)
    }
    put(file.name, name)
    for (number, field) in [(0o644, mode), (0, owner), (0, group), (file.bytes.count, size), (0, time)] {
      octal(number, field)
    }
    header[kind] = UInt8(ascii: "0")
    put("ustar\0" + "00", magic)
    put("        ", sum)
    put(String(repeating: "0", count: 6 - octalSum(header).count) + octalSum(header) + "\0 ", sum)
    return header
  }

  private static func octalSum(_ header: [UInt8]) -> String { String(header.reduce(0) { $0 + Int($1) }, radix: 8) }

  // MARK: Reading

  static func files(in bytes: [UInt8], _ archive: String) throws(InputError) -> [File] {
    var files: [File] = []
    var offset = 0
    while offset + block <= bytes.count, bytes[offset..<offset + block].contains(where: { $0 != 0 }) {
      let header = Array(bytes[offset..<offset + block])
      let (name, size) = try entry(header, archive)
      offset += block
      guard size <= bytes.count - offset else { throw refused(archive, name, "it is cut") }
      files.append(File(name: name, bytes: Array(bytes[offset..<offset + size])))
      offset += (size + block - 1) / block * block
      try check(files.suffix(1).map(\.name), total: 0, archive)
      if files.count > Limits.bundledFiles { throw tooMany(archive) }
    }
    guard bytes.count - offset >= block else { throw refused(archive, nil, "the archive is cut") }
    guard bytes[offset...].allSatisfy({ $0 == 0 }) else { throw refused(archive, nil, "bytes follow the last file") }
    var names: Set<String> = []
    if let twice = files.first(where: { !names.insert($0.name).inserted }) {
      throw refused(archive, twice.name, "it occurs twice")
    }
    return files
  }

  private static func entry(_ header: [UInt8], _ archive: String) throws(InputError) -> (name: String, size: Int) {
    func text(_ field: Range<Int>) -> ArraySlice<UInt8> { header[field].prefix { $0 != 0 } }
    func number(_ field: Range<Int>) -> Int? {
      Int(String(decoding: text(field), as: UTF8.self).filter { $0 != " " }, radix: 8)
    }
    var blank = header
    blank.replaceSubrange(sum, with: [UInt8](repeating: UInt8(ascii: " "), count: sum.count))
    guard text(magic).starts(with: "ustar".utf8), number(sum) == blank.reduce(0, { $0 + Int($1) }) else {
      throw refused(archive, nil, "it is not a tar archive in the format ustar")
    }
    let name = visible(text(prefix) + (text(prefix).isEmpty ? [] : [UInt8(ascii: "/")]) + text(name))
    guard [0, UInt8(ascii: "0")].contains(header[kind]), text(link).isEmpty else {
      throw refused(archive, name, "it is not a regular file")
    }
    guard let size = number(size), size >= 0 else { throw refused(archive, name, "it has no size") }
    if size > Limits.bundledFile { throw refused(archive, name, tooLarge) }
    return (name, size)
  }

  // MARK: Limits

  private static func check(_ names: [String], total: Int, _ archive: String) throws(InputError) {
    if names.count > Limits.bundledFiles { throw tooMany(archive) }
    if total > Limits.bundle { throw refused(archive, nil, "the files have more than \(Limits.bundle) bytes") }
    for name in names {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      let isPlain = name.utf8.count <= Self.name.count && name.wholeMatch(of: /[A-Za-z0-9._\/-]+/) != nil
      guard isPlain, !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
        throw refused(archive, name, "its name could lead out of the archive")
      }
    }
  }

  private static let tooLarge = "it has more than \(Limits.bundledFile) bytes"

  private static func tooMany(_ archive: String) -> InputError {
    refused(archive, nil, "more than \(Limits.bundledFiles) files")
  }

  private static func refused(_ archive: String, _ name: String?, _ what: String) -> InputError {
    InputError(file: archive, line: nil, what: name.map { "\($0): \(what)" } ?? what, allowed: [])
  }
}
