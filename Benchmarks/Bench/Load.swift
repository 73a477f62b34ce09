import Foundation
import Subprocess
import SystemPackage

/// The result of a measurement.
enum Outcome: Sendable {
  case figures([String: Double])
  case failure(String)
}

/// The load generator, a process that starts the program, loads it, and ends it within a deadline.
struct Load: Sendable {
  let build: String
  let seconds: Double

  func measure(_ benchmark: Benchmark, _ command: [String], isSilent: Bool) async throws -> Outcome {
    if benchmark.isExact { return try await count(benchmark, command) }
    return try await load(benchmark, ["-s", "\(seconds)"] + (isSilent ? ["-e"] : []), command)
  }

  private func load(_ benchmark: Benchmark, _ more: [String], _ command: [String]) async throws -> Outcome {
    let result = try await run(
      .path(FilePath("\(build)/load")),
      arguments: Arguments([benchmark.job] + benchmark.arguments + more + ["--"] + command),
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 22))
    guard result.terminationStatus.isSuccess else {
      return .failure(
        result.standardError.split(separator: "\n").last.map(String.init) ?? "\(result.terminationStatus)")
    }
    return .figures(try JSONDecoder().decode([String: Double].self, from: Data(result.standardOutput.utf8)))
  }

  /// The instructions of twice as many operations less those of the first run, so that start-up is not counted.
  private func count(_ benchmark: Benchmark, _ command: [String]) async throws -> Outcome {
    let operations = 1000
    var totals: [Double] = []
    for times in [operations, 2 * operations] {
      let file = "\(build)/callgrind.out"
      let tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=\(file)", "-q"]
      if case .failure(let reason) = try await load(benchmark, ["-n", "\(times)"], tool + command) {
        return .failure(reason)
      }
      let lines = try Terminal.contents(of: file).split(separator: "\n")
      guard let total = lines.last(where: { $0.hasPrefix("totals:") || $0.hasPrefix("summary:") }),
        let number = total.split(separator: " ").last.flatMap({ Double($0) })
      else { return .failure("valgrind counted nothing") }
      totals.append(number)
    }
    return .figures(["instructions": (totals[1] - totals[0]) / Double(operations)])
  }
}
