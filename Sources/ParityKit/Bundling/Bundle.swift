/// A bundle that was read: the comparison of then, as far as its files are those that the manifest names.
public struct Bundle: Sendable {
  public let path: String
  /// The SHA-256 of the whole file, to compare with the one that was printed when it was written.
  public let digest: String
  let manifest: Manifest
  /// Each file that is not as the manifest says. If there is one, the bundle has no scenarios.
  public let tampering: [String]
  let scenarios: [Scenario]
  let runs: [Evidence.Runs]
  let rules: [MaskRule]
  /// The report of then.
  let report: Report?

  /// Reads and checks a bundle. A file that is no bundle is an error.
  public init(_ path: String) throws(InputError) {
    self.path = path
    let (files, digest) = try BundleFile.read(path)
    self.digest = digest
    let texts = files.reduce(into: [String: [UInt8]]()) { $0[$1.name] = $1.bytes }
    let reader = Reader(path: path, files: texts)
    manifest = try Manifest(json: try reader.text(BundleLayout.manifest), file: reader.name(BundleLayout.manifest))
    tampering = try Self.tampering(manifest, texts, path)
    guard tampering.isEmpty else {
      (scenarios, runs, rules, report) = ([], [], [], nil)
      return
    }
    rules = try MaskRule.list(yaml: try reader.text(BundleLayout.masks), file: reader.name(BundleLayout.masks))
    report = try Report(json: try reader.text(BundleLayout.report), file: reader.name(BundleLayout.report))
    var (scenarios, runs) = ([Scenario](), [Evidence.Runs]())
    for entry in manifest.scenarios {
      scenarios.append(try reader.scenario(entry))
      runs.append(
        Evidence.Runs(
          left: try reader.runs(entry, "left", entry.left), right: try reader.runs(entry, "right", entry.right),
          played: entry.played))
    }
    (self.scenarios, self.runs) = (scenarios, runs)
  }

  /// The files that were changed, added or removed after the bundle was written.
  private static func tampering(
    _ manifest: Manifest, _ files: [String: [UInt8]], _ path: String
  ) throws(InputError) -> [String] {
    var problems: [String] = []
    for content in manifest.contents {
      guard let bytes = files[content.path] else {
        problems.append("\(content.path) is missing")
        continue
      }
      let digest = try Digest.of(bytes, for: path)
      if digest != content.digest {
        problems.append("\(content.path) was changed: \(content.digest.short) then, \(digest.short) now")
      }
    }
    let known = Set(manifest.contents.map(\.path) + [BundleLayout.manifest])
    problems += files.keys.filter { !known.contains($0) }.sorted().map { "\($0) was added" }
    return problems
  }

  /// Reads the files of an archive.
  private struct Reader {
    let path: String
    let files: [String: [UInt8]]

    func name(_ file: String) -> String { "\(path), \(file)" }

    func text(_ file: String) throws(InputError) -> String {
      guard let bytes = files[file] else {
        throw InputError(file: path, line: nil, what: "has no \(file)", allowed: [])
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw InputError(file: name(file), line: nil, what: "is not UTF-8", allowed: [])
      }
      return text
    }

    func scenario(_ entry: Manifest.Entry) throws(InputError) -> Scenario {
      let file = BundleLayout.scenario(entry.file)
      var scenario = try Scenario(yaml: try text(file), file: name(file))
      scenario.name = entry.name
      if scenario.steps.contains(where: \.sendsFile) {
        throw InputError(file: name(file), line: nil, what: "it sends a file outside the bundle", allowed: [])
      }
      return scenario
    }

    func runs(_ entry: Manifest.Entry, _ side: String, _ count: Int) throws(InputError) -> [KeptRun] {
      var runs: [KeptRun] = []
      for number in 1..<count + 1 {
        let file = BundleLayout.transcript(entry.file, side, number)
        runs.append(try KeptRun(json: try text(file), file: name(file)))
      }
      return runs
    }
  }
}

extension Step {
  fileprivate var sendsFile: Bool {
    flat.contains { step in
      switch step {
      case .send(_, let payload, _), .input(let payload):
        if case .file = payload.source { true } else { false }
      default: false
      }
    }
  }
}

extension String {
  /// The beginning of a hash.
  var short: String { prefix(Limits.shownDigest) + "…" }
}
