import ArgumentParser
import ParityKit

/// The bundle that a comparison writes.
struct BundleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write all that parity verify needs to repeat the comparison elsewhere: FILE.tar.zst, FILE.tar.gz or FILE.tar.",
      valueName: "file"))
  var bundle: String?

  /// Opens the file before the work begins; nil if none is asked for. A file that can't be written is no verdict.
  func open(_ comparison: inout Comparison, role: Role, _ options: ComparisonOptions) throws -> BundleWriter? {
    guard let bundle else { return nil }
    guard comparison.left.files.isEmpty && comparison.right.files.isEmpty else {
      throw ValidationError("--bundle does not contain the files of --file; leave one of the options out")
    }
    return try Self.orNotJudged {
      try BundleWriter(
        bundle, &comparison, role: role,
        origin: BundleOrigin(
          judge: version, command: ["parity"] + CommandLine.arguments.dropFirst(), options: options.bundledArguments))
    }
  }

  /// Writes the bundle, and prints its hash, which shows elsewhere that it is the same file.
  func write(_ report: Report, _ writer: BundleWriter?) throws {
    guard let bundle, let writer else { return }
    let digest = try Self.orNotJudged { try writer.write(report) }
    Terminal.print("bundle: \(bundle), sha256 \(digest)\n")
  }

  static func orNotJudged<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as InputError {
      Terminal.printError("\(error)\n")
      throw ExitCode(Verdict.notJudged.rawValue)
    }
  }
}
