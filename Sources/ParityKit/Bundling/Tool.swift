internal import SystemPackage

/// A program that a bundle needs: bytes in, bytes out.
struct Tool {
  let name: String
  /// Its Debian package.
  let package: String

  static let zstd = Tool(name: "zstd", package: "zstd")
  static let gzip = Tool(name: "gzip", package: "gzip")
  static let sha256sum = Tool(name: "sha256sum", package: "coreutils")

  /// Finds the program along PATH. `file` names the bundle in errors.
  func locate(for file: String) throws(InputError) -> String {
    guard let path = Program.locate(name) else {
      throw InputError(
        file: file, line: nil, what: "\(name) is not installed; its Debian package is \(package)", allowed: [])
    }
    return path
  }

  /// Runs the program until it ends, and returns its output. More output than `limit` bytes is an error.
  func run(_ arguments: [String], _ input: [UInt8], atMost limit: Int, for file: String) throws(InputError) -> [UInt8] {
    func failed(_ what: String) -> InputError {
      InputError(file: file, line: nil, what: "\(name): \(what)", allowed: [])
    }
    let path = try locate(for: file)
    let environment = System.environment().filter { !$0.hasPrefix("LC_ALL=") } + ["LC_ALL=C"]
    let process: ChildProcess
    do throws(Errno) {
      process = try ChildProcess(
        path, [name] + arguments, environment: environment, folder: System.workingFolder, hasInput: true,
        mark: ProcessMark())
    } catch {
      throw failed("\(error)")
    }
    process.outputLimit = limit + 1
    defer { SignalCleanup.remove(groups: [process.identifier]) }
    let hasEnded = System.withoutSIGPIPE { Self.serve(process, input, limit) }
    if process.output.count > limit { throw failed("more than \(limit) bytes") }
    if !hasEnded { throw failed("it has not ended within \(Limits.tool)") }
    guard process.exit == .exited(0) else {
      let text = visible(process.error.prefix { $0 != 10 }.prefix(Limits.quotedError))
      throw failed(
        text.isEmpty
          ? process.exit.description : text.trimmingPrefix("\(name): ").split(separator: " ").joined(separator: " "))
    }
    return process.output
  }

  /// Returns whether the program has ended by itself.
  private static func serve(_ process: ChildProcess, _ input: [UInt8], _ limit: Int) -> Bool {
    process.input(input)
    process.endInput()
    let clock = ContinuousClock()
    let deadline = clock.now + Limits.tool
    while !process.hasEnded, process.output.count <= limit, clock.now < deadline {
      var watches = process.watches
      System.poll(&watches, milliseconds: Limits.pollInterval)
      _ = process.serve()
    }
    let hasEnded = process.hasEnded
    if !hasEnded { process.stop() }
    return hasEnded
  }
}

/// Hashes with SHA-256, as hexadecimal digits. sha256sum is part of every Debian, and is fast in a debug build, too.
enum Digest {
  static func of(_ bytes: [UInt8], for file: String) throws(InputError) -> String { try digest([], bytes, for: file) }

  static func of(path: String, for file: String) throws(InputError) -> String {
    try digest(["--", path], [], for: file)
  }

  private static func digest(_ arguments: [String], _ input: [UInt8], for file: String) throws(InputError) -> String {
    let output = try Tool.sha256sum.run(arguments, input, atMost: Limits.digest, for: file)
    // A backslash comes first if the path has characters that are escaped.
    let digits = String(decoding: output.drop { $0 == UInt8(ascii: "\\") }.prefix(64), as: UTF8.self)
    guard digits.wholeMatch(of: /[0-9a-f]{64}/) != nil else {
      throw InputError(file: file, line: nil, what: "sha256sum printed no hash", allowed: [])
    }
    return digits
  }
}
