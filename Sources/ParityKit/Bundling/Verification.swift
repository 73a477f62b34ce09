/// A bundle on this machine: whether it is as it was written, and what of it is still true.
public struct Verification: Sendable {
  /// A file that a command of then names, and the same file now.
  struct FileCheck: Sendable {
    let side: String
    let then: ProgramFile
    let now: ProgramFile

    /// Nil if the file is the same.
    var change: String? {
      if then.digest == now.digest { return nil }
      guard let digest = now.digest else { return "\(noun) is missing: \(now.path)" }
      let place = then.path == now.path ? then.path : "\(then.path) then, \(now.path) now"
      return "\(noun) is another file than then: \(place); sha256 \(then.digest?.short ?? "none") then, "
        + "\(digest.short) now"
    }

    /// The first file of a command is the program.
    let isProgram: Bool
    private var noun: String { isProgram ? "the \(side) program" : "a file of the \(side) command" }
  }

  public let bundle: Bundle
  let machine = Machine()
  /// The programs of now.
  public let left: Program
  public let right: Program
  let files: [FileCheck]
  /// The report of now; nil if the scenarios were not played.
  public internal(set) var report: Report?
  public internal(set) var scenarios: [VerifiedScenario] = []

  /// Checks the bundle, and the files of the programs. Nothing is played.
  ///
  /// - Parameters:
  ///   - left: Another left program; nil: that of then.
  ///   - right: Another right program.
  public init(_ bundle: Bundle, left: Program? = nil, right: Program? = nil) throws(InputError) {
    self.bundle = bundle
    func now(_ other: Program?, _ then: Program) -> Program {
      Program(words: other?.words ?? then.words, environment: then.environment)
    }
    self.left = now(left, bundle.manifest.left.program)
    self.right = now(right, bundle.manifest.right.program)
    files =
      try Self.files("left", bundle.manifest.left, self.left, bundle.path)
      + Self.files("right", bundle.manifest.right, self.right, bundle.path)
  }

  private static func files(
    _ side: String, _ then: Manifest.Side, _ now: Program, _ path: String
  ) throws(InputError) -> [FileCheck] {
    let present = try ProgramFile.list(now, for: path)
    var checks: [FileCheck] = []
    for (index, file) in then.files.enumerated() {
      let isOwn = index == 0 || now.words == then.program.words
      guard isOwn else { continue }
      var current = index == 0 ? present[0] : present.first { $0.path == file.path }
      if current == nil { current = try ProgramFile(file.path, for: path) }
      guard let current else { continue }
      checks.append(FileCheck(side: side, then: file, now: current, isProgram: index == 0))
    }
    return checks
  }

  /// The role, and the options of the command line with which the scenarios were played.
  public var role: Role { bundle.manifest.role }
  public var options: [String] { bundle.manifest.options }

  /// Whether the archive is as it was written, and, once it was played, what of it is still true.
  public var standing: Standing {
    guard bundle.tampering.isEmpty else { return .notJudged }
    guard let report else { return .stillTrue }
    // A mask that has become stale changes only the verdict of the whole.
    return Standing.worst(scenarios.map(\.standing) + [Standing(bundle.manifest.verdict, report.verdict)])
  }

  // MARK: Playing

  /// Plays all scenarios again. `comparison` has the programs and the options; the scenarios and the masks are those of
  /// the bundle.
  public mutating func play(_ comparison: Comparison) async {
    var comparison = comparison
    (comparison.scenarios, comparison.rules, comparison.channels) = (
      bundle.scenarios, bundle.rules, bundle.manifest.channels
    )
    let evidence = Evidence()
    evidence.observe(&comparison)
    let report = await comparison.run()
    self.report = report
    let pool = BlockingPool(comparison.jobs)
    var confirmed: Set<[String]> = []
    for (index, scenario) in bundle.scenarios.enumerated() {
      guard let then = bundle.report?.results.first(where: { $0.scenario.name == scenario.name }) else { continue }
      let now = report.results.first { $0.scenario.name == scenario.name }
      let troubles = report.results.flatMap(\.troubles).distinct
      var verified = VerifiedScenario(then, now, strictCalls: comparison.strictCalls, otherwise: troubles)
      if let runs = evidence.runs(of: scenario) {
        let sides = [(\Evidence.Runs.left, comparison.left), (\Evidence.Runs.right, comparison.right)]
        var changes: [[SideComparison.Change]] = []
        for (side, program) in sides {
          let replay = SideReplay(program, scenario, comparison)
          let masks = bundle.rules.filter { !$0.isDifference && ($0.scenario ?? scenario.name) == scenario.name }
          changes.append(
            await replay.changes(bundle.runs[index].all(side), runs.all(side), masks, &confirmed, pool))
        }
        (verified.left, verified.right) = (changes[0], changes[1])
      }
      scenarios.append(verified)
    }
  }
}

/// One program in one scenario, to be played more often before it counts that it does otherwise than then.
private struct SideReplay {
  let program: Program
  let scenario: Scenario
  let timeout: Duration
  let channels: [Channel]

  init(_ program: Program, _ scenario: Scenario, _ comparison: Comparison) {
    (self.program, self.scenario) = (program, scenario)
    (timeout, channels) = (comparison.timeout, comparison.channels.filter(KeptRun.channels.contains))
  }

  /// `confirmed` has the causes that further runs of another scenario have confirmed.
  func changes(
    _ then: [KeptRun], _ now: [KeptRun], _ masks: [MaskRule], _ confirmed: inout Set<[String]>, _ pool: BlockingPool
  ) async -> [SideComparison.Change] {
    let first = SideComparison(then: then, now: now, masks: masks).changes(channels)
    guard !confirmed.isSuperset(of: first.map(\.cause)), now.count < Limits.confirmingRuns else { return first }
    let (program, scenario, timeout, channels) = (program, scenario, timeout, channels)
    var runs = now
    for number in now.count..<Limits.confirmingRuns {
      let count = Limits.confirmingRuns
      let transcript = await pool.run(number, of: count, over: Limits.confirmingTime / count) {
        program.play(scenario, timeout: timeout)
      }
      runs.append(KeptRun(transcript, channels))
    }
    let latest = SideComparison(then: then, now: runs, masks: masks).changes(channels)
    confirmed.formUnion(latest.map(\.cause))
    return latest
  }
}
