/// The runs of each program in a scenario, and those under strace.
struct VoteRuns {
  var plain: [[Transcript]]
  var traced: [[Transcript]]

  init(_ count: Int) {
    plain = Array(repeating: [], count: count)
    traced = plain
  }

  mutating func add(_ more: [[Transcript]], isTraced: Bool = false) {
    for index in more.indices {
      if isTraced { traced[index] += more[index] } else { plain[index] += more[index] }
    }
  }

  /// As many runs of both programs: more of one of them would tell chance from noise no better.
  func pair(_ pair: Split.Pair, isTraced: Bool = false) -> RunSet {
    let all = isTraced ? traced : plain
    let count = min(all[pair.first].count, all[pair.second].count)
    return RunSet(left: Array(all[pair.first].prefix(count)), right: Array(all[pair.second].prefix(count)))
  }

  /// Before a program's silence counts, it is awaited for what another one has shown.
  mutating func awaitSilent(_ vote: Vote, _ scenario: Scenario, _ pool: BlockingPool) async {
    for pair in Split.pairs(plain.count) {
      let before = self.pair(pair)
      let after = await vote.comparison(pair).awaited(before, scenario, pool, of: (pair.first, pair.second))
      plain[pair.first].replaceSubrange(after.left.indices, with: after.left)
      plain[pair.second].replaceSubrange(after.right.indices, with: after.right)
    }
  }
}

/// The comparison of each pair of programs in a scenario.
struct VotePairs {
  let results: [Split.Pair: ScenarioResult]

  init(_ vote: Vote, _ scenario: Scenario, _ runs: VoteRuns) {
    var results: [Split.Pair: ScenarioResult] = [:]
    for pair in Split.pairs(vote.programs.count) {
      let (plain, traced) = (runs.pair(pair), runs.pair(pair, isTraced: true))
      results[pair] = ScenarioResult(
        scenario, vote.channels, plain.left, plain.right, vote.rules, traced: traced,
        strictCalls: vote.channels.contains(.calls))
    }
    self.results = results
  }

  /// What further runs could change. The same text of two pairs is not the same.
  func unsettled(inCalls: Bool) -> Set<Confirmations.Key> { keys { $0.unsettled(inCalls: inCalls) } }

  var settled: Set<Confirmations.Key> { keys(\.settled) }

  /// The programs of the pairs with something that further runs could change, besides what is known.
  func programs(besides known: Set<Confirmations.Key>, inCalls: Bool) -> Set<Int> {
    results.reduce(into: []) { open, entry in
      let own = entry.value.unsettled(inCalls: inCalls).map { Self.key($0, entry.key) }
      if !Set(own).isSubset(of: known) { open.formUnion([entry.key.first, entry.key.second]) }
    }
  }

  /// The programs of the pairs that are not the same.
  var differing: Set<Int> {
    results.reduce(into: []) { open, entry in
      if entry.value.verdict != .same { open.formUnion([entry.key.first, entry.key.second]) }
    }
  }

  private func keys(_ own: (ScenarioResult) -> Set<Confirmations.Key>) -> Set<Confirmations.Key> {
    results.reduce(into: []) { all, entry in all.formUnion(own(entry.value).map { Self.key($0, entry.key) }) }
  }

  private static func key(_ key: Confirmations.Key, _ pair: Split.Pair) -> Confirmations.Key {
    Confirmations.Key(
      channel: key.channel, observation: "\(pair.first) \(pair.second) \(key.observation)", texts: key.texts)
  }
}
