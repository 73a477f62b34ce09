internal import Synchronization

/// Shows the progress of a fuzz run in one line of a terminal. Without a terminal it shows nothing, and only keeps the
/// report so far.
public final class ProgressBar: Sendable {
  private struct State {
    var report: Report?
    var shown: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let start = ContinuousClock().now
  private let isShown: Bool

  public init() { isShown = Terminal.showsProgress }

  /// The last report.
  public var report: Report? { state.withLock { $0.report } }

  public func show(_ progress: Fuzz.Progress) {
    state.withLock { state in
      state.report = progress.report
      let now = ContinuousClock().now
      guard isShown, state.shown.map({ now - $0 >= Limits.progress }) ?? true else { return }
      state.shown = now
      Terminal.rewriteLine(line(progress, after: now - start))
    }
  }

  /// Clears the line.
  public func end() { if isShown { Terminal.rewriteLine() } }

  private func line(_ progress: Fuzz.Progress, after time: Duration) -> String {
    let played = progress.report.fuzzed?.played ?? 0
    let full = progress.wanted == 0 ? 0 : played * Limits.bar / progress.wanted
    var line = "[" + String(repeating: "#", count: full) + String(repeating: " ", count: Limits.bar - full) + "] "
    line += "\(played) of \(progress.wanted)"
    let seconds = time / .seconds(1)
    if played > 0, seconds > 0 {
      let left = seconds / Double(played) * Double(progress.wanted - played)
      line += ", \(Int(Double(played) / seconds)) per second, \(Int(left)) s left"
    }
    let differing = progress.report.results.count { [.different, .notJudged].contains($0.verdict) }
    if differing > 0 { line += ", \(differing) differ" }
    if let search = progress.shrinking {
      line += "; shrinking \(search.number): \(search.steps) steps after \(search.trials) trials"
    }
    return line
  }
}
