internal import Formats

/// The first file of a bundle: what was compared, where, when and how, and the hash of each other file.
struct Manifest: Hashable {
  /// A program and the files that its command names.
  struct Side: Hashable {
    var program: Program
    var files: [ProgramFile]
  }

  /// A scenario, its file, and the number of runs of each side that were played and that were kept.
  struct Entry: Hashable {
    let name: String
    let file: String
    let played: Int
    let left: Int
    let right: Int
  }

  struct Content: Hashable {
    let path: String
    let bytes: Int
    let digest: String
  }

  static let version = 1
  static let path = "manifest.json"

  var judge: String
  var date: String
  /// The command line that made the bundle, and those options of it that a repetition needs.
  var command: [String]
  var options: [String]
  var role: Role
  var channels: [Channel]
  var verdict: Verdict
  var seed: Int?
  var left: Side
  var right: Side
  var machine: Machine
  var scenarios: [Entry] = []
  var contents: [Content] = []

  var json: String {
    JSON.object([
      ("version", .number(Self.version)), ("judge", .text(judge)), ("date", .text(date)), ("command", .texts(command)),
      ("options", .texts(options)), ("role", .text(role.rawValue)), ("channels", .texts(channels.map(\.rawValue))),
      ("verdict", .text(verdict.name)), ("seed", seed.map(JSON.number) ?? .null), ("left", left.json),
      ("right", right.json), ("machine", machine.json), ("scenarios", .list(scenarios.map(\.json))),
      ("files", .list(contents.map(\.json))),
    ]).printed() + "\n"
  }

  init(json text: String, file: String) throws(InputError) {
    let whole = Report.Field(try JSON(reading: text, file: file), "the manifest", file)
    let version = try whole["version"].number
    guard version == Self.version else {
      throw whole.refused("has version \(version)", allowed: [String(Self.version)])
    }
    (judge, date) = (try whole["judge"].text, try whole["date"].text)
    (command, options) = (try whole["command"].texts, try whole["options"].texts)
    role = try whole["role"].choice(Role.self)
    channels = try whole["channels"].all { field throws(InputError) in try field.choice(Channel.self) }
    let word = try whole["verdict"].text
    guard let verdict = Verdict.allCases.first(where: { $0.name == word }) else {
      throw try whole["verdict"].unknown(allowed: Verdict.allCases.map(\.name))
    }
    self.verdict = verdict
    seed = try whole.optional("seed")?.number
    (left, right) = (try Side(whole["left"]), try Side(whole["right"]))
    machine = try Machine(whole["machine"])
    scenarios = try whole["scenarios"].all(Entry.init)
    contents = try whole["files"].all(Content.init)
  }
}

extension Manifest {
  init(_ comparison: Comparison, _ role: Role, _ origin: BundleOrigin, for file: String) throws(InputError) {
    (judge, command, options) = (origin.judge, origin.command, origin.options)
    seed = comparison.scenarios.compactMap(\.replay?.seed).first
    (self.role, channels, verdict) = (role, comparison.channels, .notJudged)
    left = Side(program: comparison.left, files: try ProgramFile.list(comparison.left, for: file))
    right = Side(program: comparison.right, files: try ProgramFile.list(comparison.right, for: file))
    machine = Machine()
    date = Timestamp.text(System.environment("SOURCE_DATE_EPOCH").flatMap { Int($0) } ?? System.seconds)
  }
}

extension Manifest.Side {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    let words = try field["words"].texts
    if words.isEmpty { throw field.refused("has no words") }
    let entries = try field["environment"].texts
    do throws(Program.Malformed) {
      program = Program(words: words, environment: try Program.environment(entries))
    } catch {
      throw field.refused(error.description)
    }
    files = try field["files"].all(ProgramFile.init)
  }

  fileprivate var json: JSON {
    .object([
      ("words", .texts(program.words)), ("environment", .texts(program.entries)), ("files", .list(files.map(\.json))),
    ])
  }
}

extension Manifest.Entry {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    (name, file, played) = (try field["name"].text, try field["file"].text, try field["played"].number)
    (left, right) = (try field["left"].number, try field["right"].number)
    guard [left, right, played].allSatisfy({ (0...Limits.times).contains($0) }) else {
      throw field.refused("has an invalid number of runs")
    }
  }

  fileprivate var json: JSON {
    .object([
      ("name", .text(name)), ("file", .text(file)), ("played", .number(played)), ("left", .number(left)),
      ("right", .number(right)),
    ])
  }
}

extension Manifest.Content {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    (path, bytes, digest) = (try field["path"].text, try field["bytes"].number, try field["sha256"].text)
  }

  fileprivate var json: JSON {
    .object([("path", .text(path)), ("bytes", .number(bytes)), ("sha256", .text(digest))])
  }
}
