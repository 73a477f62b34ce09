import FoundationEssentials

/// The measured costs, `Benchmarks/costs.json`, as pages show them.
struct Costs: Decodable {
  struct Machine: Decodable { let name, processor: String }

  /// Nanoseconds, and bytes of a program.
  struct Entry: Decodable {
    let name: String
    let median: Double
    let interval: [Double]
    let program, libraries: Int?
  }

  let date: String
  let rounds: Int
  let machine: Machine
  let versions: [String: String]
  let entries: [Entry]

  /// A table of a page, or the sentence about the machine.
  static func text(of source: String, name: String) throws -> [String] {
    let costs = try Costs(source)
    switch name {
    case "calls": return try costs.calls()
    case "programs": return try costs.programs()
    case "machine": return costs.origin()
    default: throw Excerpt.Missing(text: "\(source) has no table \(name)")
    }
  }

  init(_ source: String) throws {
    self = try JSONDecoder().decode(Costs.self, from: Data(Repository.read(source).utf8))
  }

  /// A median, or the difference of two, as in `echo.c.swift - echo.c.c`.
  func figure(_ name: String) throws -> String {
    let terms = try name.split(separator: " - ").map { try entry(String($0)) }
    guard terms.count > 1 else { return Self.text(terms[0].median, as: terms[0].name) }
    return Self.text(terms[0].median - terms[1].median, as: terms[0].name)
  }

  private func entry(_ name: String) throws -> Entry {
    guard let found = entries.first(where: { $0.name == name }) else {
      throw Excerpt.Missing(text: "costs.json has no figure \(name)")
    }
    return found
  }

  private static let jobs = [
    ("call", "a function that adds two numbers"), ("echo", "a step of the echo service"),
    ("callback", "a callback with its context"), ("structure", "a structure of 256 bytes, passed and returned"),
    ("text", "a text of 64 bytes, passed and returned"), ("parse", "an endpoint, parsed"), ("vis", "`vis` of 64 bytes"),
    ("send", "64 bytes, sent and received"), ("error", "a send that fails"),
  ]
  private static let languages = ["c", "swift"]

  private func calls() throws -> [String] {
    let head = [
      "| one call, ns | C calls C | C calls Swift | Swift calls C | Swift calls Swift |", "|---|--:|--:|--:|--:|",
    ]
    return try head
      + Self.jobs.map { job, title in
        let figures = try Self.languages.flatMap { caller in
          try Self.languages.map { callee in try cell("\(job).\(caller).\(callee)") }
        }
        return "| \(title) | \(figures.joined(separator: " | ")) |"
      }
  }

  private static let programs = [
    ("c", "C"), ("c-static", "C with Swift functions, static"), ("c-dynamic", "C with Swift functions, shared"),
    ("swift-static", "Swift, static"), ("swift-dynamic", "Swift, shared"),
  ]

  private func programs() throws -> [String] {
    let head = ["| program | processor time, ms | size, KB | its Swift libraries, KB |", "|---|--:|--:|--:|"]
    return try head
      + Self.programs.map { name, title in
        let found = try entry("start.\(name)")
        let sizes = [found.program, found.libraries].map { "\((($0 ?? 0) + 500) / 1000)" }
        return try "| \(title) | \(cell(found.name)) | \(sizes.joined(separator: " | ")) |"
      }
  }

  private func origin() -> [String] {
    let swift = versions["swift"]?.firstMatch(of: /Swift version [0-9.]+/).map { String($0.0) } ?? "Swift"
    return [
      "Medians of \(rounds) rounds on \(machine.name) (\(machine.processor)), \(swift), \(date). ± is the distance",
      "from the median to the farther end of its 95 % bootstrap interval.",
    ]
  }

  /// The median, and how far the interval reaches from it, rounded up.
  private func cell(_ name: String) throws -> String {
    let found = try entry(name)
    let reach = found.interval.map { abs($0 - found.median) }.max() ?? 0
    let median = Self.text(found.median, as: name)
    let shown = reach / Self.scale(name)
    let limit = median.contains(".") ? Self.tenths((shown * 10).rounded(.up) / 10) : "\(Int(shown.rounded(.up)))"
    return "\(median)±\(limit)"
  }

  /// The nanoseconds of the unit in which a figure is shown: milliseconds for a program.
  private static func scale(_ name: String) -> Double { name.hasPrefix("start.") ? 1e6 : 1 }

  /// One decimal below 10.
  private static func text(_ nanoseconds: Double, as name: String) -> String {
    let value = nanoseconds / scale(name)
    return abs(value) < 9.95 ? tenths(value) : "\(Int(value.rounded()))"
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }
}
