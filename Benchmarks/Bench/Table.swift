import Foundation

/// The results as Markdown tables.
enum Table {
  /// Every benchmark with every figure, and the goals.
  static func full(_ results: Results) -> String {
    let benchmarks = Benchmark.all.compactMap { benchmark in
      let entries = results.entries.filter { $0.benchmark == benchmark.name }
      return entries.isEmpty ? nil : "### \(benchmark.title)\n\n\(table(benchmark, entries))"
    }
    return (benchmarks + ["### Goals\n\n" + goals(results.verdicts)]).joined(separator: "\n\n")
  }

  private static func table(_ benchmark: Benchmark, _ entries: [Results.Entry]) -> String {
    let known = ["instructions", "cpu", "speed", "wall", "rate", "p50", "p99", "p99.9", "before", "after", "memory"]
    let columns = known.filter { column in
      entries.contains { $0.medians[column] != nil } && !(benchmark.job == "bulk" && column == "cpu")
    }
    let ascending = entries.sorted { better($0, $1, benchmark.metric) }
    let lines = ascending.map { entry in
      let figures = columns.map { column in entry.medians[column].map { Unit.text($0, column) } ?? "" }
      let name = entry.competitor + (entry.failure.map { ": \($0)" } ?? "")
      return [name] + figures
    }
    return grid([[""] + columns.map { Unit.heading($0) }] + lines)
  }

  private static func better(_ one: Results.Entry, _ other: Results.Entry, _ metric: Benchmark.Metric) -> Bool {
    let (a, b) = (one.medians[metric.rawValue] ?? .infinity, other.medians[metric.rawValue] ?? .infinity)
    return metric == .speed ? a > b : a < b
  }

  private static func goals(_ verdicts: [Verdict]) -> String {
    let lines = verdicts.map { verdict in
      [
        verdict.benchmark, verdict.subject, verdict.metric, verdict.competitor ?? "", number(verdict.ratio, 2),
        "\(verdict.isFloor ? "≥" : "≤") \(number(verdict.limit, 2))", verdict.isReached ? "reached" : "missed",
      ]
    }
    return grid([["benchmark", "whose", "figure", "against", "ratio", "goal", ""]] + lines)
  }

  /// A line for each competitor, a column for each benchmark: processor time only.
  static func short(_ results: Results) -> String {
    let columns = ["greeting", "greeting-stopped", "echo", "echo-1000", "echo-64k"]
    let competitors = results.entries.map(\.competitor).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let lines = competitors.compactMap { competitor -> [String]? in
      let figures = columns.map { results.entry($0, competitor)?.medians["cpu"].map { number($0 * 1e6, 1) } ?? "" }
      return figures.allSatisfy(\.isEmpty) ? nil : [competitor] + figures
    }
    let heading = ["µs", "greeting", "greeting, queued", "echo 64 B, 64 clients", "1,000 clients", "64 KiB, 8 clients"]
    let machine = results.machine
    let origin = """
      Medians of \(results.rounds) rounds on \(machine.processor), \(machine.cores) cores, \(machine.system), \
      Linux \(machine.kernel), \(results.date).
      """
    return grid([heading] + lines) + "\n\n" + origin
  }

  private static func grid(_ lines: [[String]]) -> String {
    let rule = "|---|" + String(repeating: "--:|", count: lines[0].count - 1)
    let text = lines.map { "| " + $0.joined(separator: " | ") + " |" }
    return ([text[0], rule] + text.dropFirst()).joined(separator: "\n")
  }
}

/// The units of the figures.
enum Unit {
  static func heading(_ figure: String) -> String {
    switch figure {
    case "cpu": "processor time, µs"
    case "speed": "GiB a second of processor time"
    case "rate": "a second"
    case "wall", "p50", "p99", "p99.9": "\(figure), ms"
    case "memory": "memory, MiB"
    case "before", "after": "\(figure), B a client"
    default: figure
    }
  }

  static func text(_ value: Double, _ figure: String) -> String {
    switch figure {
    case "cpu": number(value * 1e6, 1)
    case "speed": number(value / 0x1p30, 2)
    case "rate": value > 1e7 ? number(value / 0x1p30, 2) + " GiB" : number(value, 0)
    case "wall", "p50", "p99", "p99.9": number(value * 1e3, 2)
    case "memory": number(value / 0x1p20, 1)
    default: number(value, 0)
    }
  }
}

func number(_ value: Double, _ digits: Int) -> String {
  let factor = [1.0, 10, 100][digits]
  let whole = Int((value * factor).rounded())
  guard digits > 0 else { return "\(whole)" }
  let rest = "\(whole % Int(factor))"
  return "\(whole / Int(factor)).\(String(repeating: "0", count: digits - rest.count))\(rest)"
}
