internal import Synchronization

/// Shows the progress of a comparison in one line of a terminal. The first difference is written at once, also without a
/// terminal: the report follows when all scenarios are judged.
public final class ComparisonProgress: Sendable {
  private struct State {
    var played = 0
    var differing = 0
  }

  private let state = Mutex(State())
  private let count: Int
  private let start = ContinuousClock().now
  private let isShown: Bool

  public init(of count: Int) { (self.count, isShown) = (count, Terminal.showsProgress) }

  public func show(_ result: ScenarioResult) {
    state.withLock { state in
      state.played += 1
      if result.verdict == .different {
        state.differing += 1
        if state.differing == 1 { write(result) }
      }
      guard isShown else { return }
      let differing = state.differing > 0 ? ", \(state.differing) differ" : ""
      Terminal.rewriteLine("\(state.played) of \(count) scenarios\(differing)")
    }
  }

  /// Clears the line.
  public func end() { if isShown { Terminal.rewriteLine() } }

  private func write(_ result: ScenarioResult) {
    guard let cell = result.cells.first(where: { $0.finding.verdict == .different }),
      let difference = cell.finding.difference
    else { return }
    let (time, title) = ((ContinuousClock().now - start).tenths, cell.channel.title(of: difference.observation))
    end()
    Terminal.printError("differs after \(time) s: \(result.scenario.name) · \(title): \(difference.brief)\n")
  }
}
