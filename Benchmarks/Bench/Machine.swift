import Foundation
import Subprocess

/// The machine on which the figures were measured.
struct Machine: Codable {
  let processor, kernel, system: String
  let cores, memory: Int

  static func read() async throws -> Machine {
    Machine(
      processor: try await shell("sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1"),
      kernel: try await shell("uname -r"), system: try await shell(". /etc/os-release; echo $PRETTY_NAME"),
      cores: Int(try await shell("nproc")) ?? 0,
      memory: Int(try await shell("sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo")).map { $0 << 10 } ?? 0)
  }

  static func versions(of competitors: [Competitor]) async throws -> [String: String] {
    var versions = ["Swift": try await shell("swift --version 2>/dev/null | head -n 1")]
    for competitor in competitors {
      let version = try await shell("\(competitor.version) 2>&1 | head -n 1")
      versions[competitor.name] = version.hasSuffix("not found") ? "missing" : version
    }
    return versions
  }

  static func today() -> String { String(Date.now.ISO8601Format().prefix(10)) }

  private static func shell(_ command: String) async throws -> String {
    let result = try await run(
      .name("sh"), arguments: ["-c", command], output: .string(limit: 1 << 16), error: .discarded)
    return String(result.standardOutput.drop { $0.isWhitespace }.prefix { !$0.isNewline })
  }
}
