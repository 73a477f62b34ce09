import ArgumentParser
import ParityKit

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Repeat the comparison of a bundle, and report what of it is still true.",
    discussion: """
      parity compare --bundle writes a bundle. parity verify checks each file of it, compares the machine and the files \
      of the programs with those of then, and plays all scenarios again with the options of then. It reports each \
      verdict that is another one now, and each program that behaves otherwise than then.

      A bundle contains commands, and parity verify runs them. --only-check runs nothing of it.

      EXAMPLES
        parity compare --left 'old-server {port}' --right 'new-server {port}' --bundle proof.tar.zst
        parity verify proof.tar.zst
        parity verify proof.tar.zst --right '/opt/new/bin/new-server {port}'
        parity verify proof.tar.zst --only-check

      EXIT STATUS
        0 all is still true; 1 something is no longer true; 2 could not judge: the bundle is damaged or was changed, or \
      a program is missing; 64 wrong usage
      """)

  @Argument(help: "A file that --bundle has written.")
  var file: String

  @Option(help: ArgumentHelp("Another left program. (default: that of the bundle)", valueName: "command"))
  var left: String?

  @Option(help: ArgumentHelp("Another right program.", valueName: "command"))
  var right: String?

  @Flag(help: "Check the bundle and the files of the programs, and run nothing.")
  var onlyCheck = false

  @Option(help: ArgumentHelp("The maximum number of programs that run at once.", valueName: "n"))
  var jobs = BlockingPool.size

  @Option(help: ArgumentHelp("Write the result as JSON.", valueName: "file"))
  var json: String?

  func validate() throws {
    guard jobs >= 1 else { throw ValidationError("--jobs must be greater than 0") }
    if let json { do { try Terminal.openToWrite(json) } catch { throw ValidationError(error.description) } }
    _ = (try program(left, "--left"), try program(right, "--right"))
  }

  func run() async throws {
    SignalCleanup.watch()
    let (left, right) = (try program(left, "--left"), try program(right, "--right"))
    var verification = try BundleOptions.orNotJudged {
      try Verification(try Bundle(file), left: left, right: right)
    }
    if !onlyCheck, verification.bundle.tampering.isEmpty { await verification.play(try comparison(verification)) }
    Terminal.print(verification.text(colour: Terminal.showsColour))
    try BundleOptions.orNotJudged { if json != nil { try Terminal.write(verification.json, to: json) } }
    switch verification.standing {
    case .stillTrue: throw ExitCode(0)
    case .noLongerTrue: throw ExitCode(1)
    case .notJudged: throw ExitCode(Verdict.notJudged.rawValue)
    }
  }

  private func program(_ command: String?, _ option: String) throws -> Program? {
    do {
      return try command.map { try Program($0) }
    } catch let error as Program.Malformed {
      throw ValidationError("\(option): \(error)")
    }
  }

  private func comparison(_ verification: Verification) throws -> Comparison {
    let (left, right, role) = (verification.left, verification.right, verification.role)
    var options: ComparisonOptions
    do {
      options = try ComparisonOptions.parse(verification.options)
    } catch {
      Terminal.printError("\(file): \(ComparisonOptions.message(for: error))\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
    // The masks are those of the bundle.
    options.masks = nil
    options.jobs = jobs
    var comparison = try options.comparison(left.description, right.description, role: role, scenarios: [])
    (comparison.left, comparison.right) = (left, right)
    let words =
      ["parity", "compare"] + (role == .server ? [] : ["--role", role.rawValue])
      + ["--left", left.description, "--right", right.description] + verification.options
    let bundled = Scenario.bundled(for: role)
    comparison.replay = { _, scenario in
      let isBundled = bundled.contains(scenario)
      return words + (isBundled ? ["--only", scenario.name] : ["--scenario", "scenarios/\(scenario.name).yaml"])
    }
    return comparison
  }
}
