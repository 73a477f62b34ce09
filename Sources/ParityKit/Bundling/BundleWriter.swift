/// How a bundle came about, which only the command knows.
public struct BundleOrigin: Sendable {
  /// The version of the command.
  let judge: String
  /// The command line.
  let command: [String]
  /// The options that repeat the comparison, without the programs, their environments, the scenarios and the masks.
  let options: [String]

  public init(judge: String, command: [String], options: [String]) {
    (self.judge, self.command, self.options) = (judge, command, options)
  }
}

/// Writes a comparison into a bundle: a file that contains all that `Verification` needs to repeat it elsewhere.
public struct BundleWriter: Sendable {
  private let file: BundleFile
  private let evidence = Evidence()
  private let scenarios: [Scenario]
  private let rules: [MaskRule]
  private var manifest: Manifest

  /// Opens the file, and prepares the comparison, which must run next.
  public init(
    _ path: String, _ comparison: inout Comparison, role: Role, origin: BundleOrigin
  ) throws(InputError) {
    file = try BundleFile(path)
    manifest = try Manifest(comparison, role, origin, for: path)
    var scenarios: [Scenario] = []
    for scenario in comparison.scenarios { scenarios.append(try scenario.withoutFiles(for: path)) }
    comparison.scenarios = scenarios
    evidence.observe(&comparison)
    (self.scenarios, rules) = (scenarios, comparison.rules)
  }

  /// Writes the bundle of a comparison that has run.
  ///
  /// - Returns: The SHA-256 of the file.
  public func write(_ report: Report) throws(InputError) -> String {
    var (manifest, files) = (manifest, [Archive.File]())
    manifest.verdict = report.verdict
    var names: Set<String> = []
    for scenario in scenarios {
      guard let runs = evidence.runs(of: scenario) else {
        let reason = report.results.flatMap(\.troubles).first ?? "\(scenario.name) was not played"
        throw InputError(file: file.path, line: nil, what: "is not written: \(reason)", allowed: [])
      }
      let name = Self.fileName(scenario.name, &names)
      manifest.scenarios.append(
        Manifest.Entry(
          name: scenario.name, file: name, played: runs.played, left: runs.left.count, right: runs.right.count))
      files.append(Archive.File(BundleLayout.scenario(name), scenario.yaml))
      for (side, runs) in [("left", runs.left), ("right", runs.right)] {
        for (number, run) in zip(1..., runs) {
          let text = run.json(scenario.name, side, number)
          files.append(Archive.File(BundleLayout.transcript(name, side, number), text))
        }
      }
    }
    files.append(Archive.File(BundleLayout.masks, rules.isEmpty ? "[]\n" : rules.map(\.yaml).joined()))
    files.append(Archive.File(BundleLayout.report, report.json))
    for file in files {
      let digest = try Digest.of(file.bytes, for: self.file.path)
      manifest.contents.append(Manifest.Content(path: file.name, bytes: file.bytes.count, digest: digest))
    }
    manifest.contents.sort { $0.path < $1.path }
    return try file.write(files + [Archive.File(BundleLayout.manifest, manifest.json)])
  }

  /// A name of plain characters that no other scenario of the bundle has.
  static func fileName(_ name: String, _ taken: inout Set<String>) -> String {
    let plain = name.prefix(Limits.bundledName).map { character -> Character in
      let isPlain = character.isASCII && (character.isLetter || character.isNumber || "-_".contains(character))
      return isPlain ? character : "_"
    }
    let base = plain.isEmpty ? "_" : String(plain)
    var (unique, number) = (base, 2)
    while !taken.insert(unique).inserted {
      unique = "\(base)-\(number)"
      number += 1
    }
    return unique
  }
}

/// The names of the files in a bundle.
enum BundleLayout {
  static let manifest = "manifest.json"
  static let masks = "masks.yaml"
  static let report = "report.json"

  static func scenario(_ name: String) -> String { "scenarios/\(name).yaml" }

  static func transcript(_ name: String, _ side: String, _ number: Int) -> String {
    "transcripts/\(name)/\(side)-\(number).json"
  }
}

extension Archive.File {
  init(_ name: String, _ text: String) { self.init(name: name, bytes: Array(text.utf8)) }
}

extension MaskRule {
  /// The rule as an entry of a masks file.
  fileprivate var yaml: String {
    var lines = ["- channel: \(channel.rawValue)"]
    if let scenario { lines.append("  scenario: \(doubleQuoted(scenario))") }
    lines.append("  \(isDifference ? "difference" : "mask"): \(doubleQuoted(pattern))")
    lines.append("  reason: \(doubleQuoted(reason))")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Scenario {
  /// The scenario with the contents of the files that it sends, since it will be played where they are missing.
  fileprivate func withoutFiles(for bundle: String) throws(InputError) -> Scenario {
    var copy = self
    copy.replay = nil
    copy.steps = try Self.withoutFiles(steps, name, bundle)
    return copy
  }

  private static func withoutFiles(_ steps: [Step], _ name: String, _ bundle: String) throws(InputError) -> [Step] {
    var all: [Step] = []
    for step in steps {
      switch step {
      case .send(let peer, let payload, let pieces):
        all.append(.send(peer, try payload.withoutFile(name, bundle), pieces))
      case .input(let payload): all.append(.input(try payload.withoutFile(name, bundle)))
      case .repeated(let times, let inner): all.append(.repeated(times: times, try withoutFiles(inner, name, bundle)))
      default: all.append(step)
      }
    }
    return all
  }
}

extension Payload {
  fileprivate func withoutFile(_ scenario: String, _ bundle: String) throws(InputError) -> Payload {
    guard case .file(let path) = source else { return self }
    let bytes = Payload(source).bytes
    guard bytes.count <= Limits.bundledPayload else {
      throw InputError(
        file: bundle, line: nil,
        what: "\(scenario) sends \(path), which has \(bytes.count) bytes",
        allowed: ["at most \(Limits.bundledPayload) bytes"])
    }
    return Payload(String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(bytes), times: times)
  }
}
