/// What the files of a program use, and how it fares in Swift.
public struct Report: Sendable {
  /// A file that was read, or why it could not be read.
  public struct Input: Sendable {
    public let name: String
    public let lines: Int
    public let error: ReadError?
  }

  struct Finding: Sendable {
    let rule: Rule
    let places: [Position]
  }

  struct Position: Hashable, Comparable, Sendable {
    let file: String
    let line: Int

    static func < (left: Position, right: Position) -> Bool {
      (left.file, left.line) < (right.file, right.line)
    }
  }

  public private(set) var inputs: [Input] = []
  private(set) var findings: [Finding] = []

  /// Reads the files, one after the other.
  public init(of units: [Unit], with clang: Clang) async {
    var traces: Set<Trace> = []
    for unit in units {
      do {
        let file = try await SourceFile(unit, clang)
        inputs.append(Input(name: unit.name, lines: file.lines, error: nil))
        traces.formUnion(file.traces)
      } catch {
        var reason = error as? ReadError ?? ReadError(unit.name, "\(error)")
        if reason.file != unit.name { reason = ReadError(unit.name, "\(reason)") }
        inputs.append(Input(name: unit.name, lines: 0, error: reason))
      }
    }
    findings = Self.findings(in: traces)
  }

  static func findings(in traces: Set<Trace>) -> [Finding] {
    Catalogue.rules.compactMap { rule in
      let places = Set(traces.filter(rule.matches).map { Position(file: $0.file, line: $0.line) }).sorted()
      return places.isEmpty ? nil : Finding(rule: rule, places: places)
    }.sorted {
      ($0.rule.fate, -$0.places.count, $0.rule.title) < ($1.rule.fate, -$1.places.count, $1.rule.title)
    }
  }

  /// Whether clang read all files.
  public var isComplete: Bool { inputs.allSatisfy { $0.error == nil } }

  public var errors: [ReadError] { inputs.compactMap(\.error) }

  /// The pages that show the idioms.
  public var pages: [String] { findings.compactMap(\.rule.page) }

  var placeCount: Int { findings.map(\.places.count).reduce(0, +) }
  var unshown: Int { findings.count { $0.rule.page == nil } }
  func count(_ fate: Fate) -> Int { findings.count { $0.rule.fate == fate } }
  func count(_ effort: Effort) -> Int { findings.count { $0.rule.effort == effort } }

  /// How many files, lines, idioms and places there are.
  var size: String {
    let read = inputs.filter { $0.error == nil }
    return "\(Self.plural(read.count, "file")), \(Self.plural(read.map(\.lines).reduce(0, +), "line")): "
      + "\(Self.plural(findings.count, "idiom")) in \(Self.plural(placeCount, "place"))"
  }

  /// How many idioms fare how.
  var fates: String {
    let counts = Fate.allCases.filter { count($0) > 0 }.map { "\($0.text): \(count($0))" }
    return (counts + (unshown > 0 ? ["not in the reference: \(unshown)"] : [])).joined(separator: ", ")
  }

  var efforts: String {
    Effort.allCases.filter { count($0) > 0 }.map { "\($0.text): \(count($0))" }.joined(separator: ", ")
  }

  static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}

/// Where the pages of the reference are.
public struct Site: Sendable {
  let address: String?

  /// - Parameter address: Of the website that `make docs` builds, or nil for the files of the package.
  public init(address: String? = nil) {
    self.address = address.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }

  /// The place of a page.
  func place(of page: String) -> String {
    guard let address else { return "Sources/Diptych.docc/\(page).md" }
    let name = page.split(separator: "/").last ?? ""
    return "\(address)/documentation/diptych/\(name.lowercased())"
  }
}
