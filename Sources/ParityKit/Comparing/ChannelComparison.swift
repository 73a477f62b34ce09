/// Compares the runs of both sides in one channel.
struct ChannelComparison {
  let left: [Transcript]
  let right: [Transcript]
  /// The rules for this channel and scenario.
  var rules: [MaskRule] = []
  var limits = ResourceLimits()

  /// Compares, and adds the rules that applied to `used`. A known difference in one observation does not hide another
  /// one.
  func finding(_ channel: Channel, _ used: inout Set<MaskRule>) -> Finding {
    switch channel {
    case .cost:
      let (left, right) = (ResourceUsage.mean(left.map(\.cost)), ResourceUsage.mean(right.map(\.cost)))
      guard let difference = limits.difference(left, right) else { return .measured(left: left, right: right) }
      return known(difference, &used) ?? .different(difference)
    case .output, .leftovers:
      let hung = [("left", left), ("right", right)].filter { $0.1.contains { $0.hang != nil } }
      if hung.count == 1 { return .notJudged(reason: "\(hung[0].0) hung, so its runs were cut short") }
    case .wire, .exit, .calls: break
    }
    let (left, right) = (observations(channel, left), observations(channel, right))
    var names: [String] = []
    for observation in (left + right).joined() where !names.contains(observation.name) {
      names.append(observation.name)
    }
    var masks: [Mask] = []
    var accepted: Finding?
    for name in names {
      var runs = (left + right).map { run in run.first { $0.name == name }?.fragments ?? [] }
      for rule in rules where !rule.isDifference {
        for index in runs.indices {
          guard let masked = rule.apply(runs[index]) else { continue }
          runs[index] = masked
          used.insert(rule)
        }
      }
      if channel == .calls, let variants = variants(name, runs, left.count) {
        masks += variants
        continue
      }
      let cuts = channel == .calls ? CallSplits.note(runs[0], runs[left.count]) : nil
      switch finding(name, runs, leftCount: left.count, cuts, hasOffsets: channel != .calls) {
      case .same(let more): masks += more
      case let other:
        guard let known = other.difference.flatMap({ known($0, &used) }) else { return other }
        accepted = accepted ?? known
      }
    }
    return accepted ?? .same(masks: masks)
  }

  private func known(_ difference: Difference, _ used: inout Set<MaskRule>) -> Finding? {
    guard let rule = rules.first(where: { $0.isDifference && $0.matches(difference) }) else { return nil }
    used.insert(rule)
    return .known(difference, reason: rule.reason)
  }

  /// Shared objects count only if they appear in each run of a side; other programs create them, too.
  private func observations(_ channel: Channel, _ runs: [Transcript]) -> [[Observation]] {
    guard channel == .leftovers, let first = runs.first else { return runs.map(channel.observations) }
    let shared = runs.reduce(first.sharedObjects) { $0.intersection($1.sharedObjects) }
    return runs.map { run in
      var run = run
      run.sharedObjects = shared
      return channel.observations(of: run)
    }
  }

  // MARK: One observation

  /// Calls depend on timing more than data does. So two sides are the same if one run of each made the same calls; the
  /// other variants are reported. Nil if no two runs agree.
  private func variants(_ name: String, _ runs: [[Observation.Fragment]], _ leftCount: Int) -> [Mask]? {
    let (left, right) = (Set(runs[..<leftCount]), Set(runs[leftCount...]))
    guard !left.isDisjoint(with: right) else { return nil }
    if left.count == 1, right.count == 1 { return [] }
    let all = (left.union(right)).map { Token.list($0[...]) }
    var same = 0
    while all.allSatisfy({ $0.count > same && $0[same] == all[0][same] }) { same += 1 }
    func shown(_ run: [Observation.Fragment]) -> String {
      Token.list(run[...]).dropFirst(same).prefix(Limits.shown).shown.prefixed(Limits.shown)
    }
    let before = all[0].prefix(same).suffix(Limits.context / 2).shown.suffixed(Limits.context)
    return [Mask(observation: name, after: before, left: left.map(shown).sorted(), right: right.map(shown).sorted())]
  }

  private func finding(
    _ name: String, _ runs: [[Observation.Fragment]], leftCount: Int, _ cuts: String?, hasOffsets: Bool
  ) -> Finding {
    let alignment = Alignment(runs)
    let parts = alignment.parts
    var masks: [Mask] = []
    var unstable: Difference?
    var offset = alignment.skipped
    for (index, part) in parts.enumerated() {
      guard case .gap(let segments) = part else {
        if case .common(let tokens) = part { offset += tokens.reduce(0) { $0 + $1.byteCount } }
        continue
      }
      let divergence = Divergence(segments, leftCount)
      let before = index > 0 ? parts[index - 1].shown(last: Limits.context) : ""
      let after = index + 1 < parts.count ? parts[index + 1].shown(first: Limits.context) : ""
      let position = hasOffsets ? offset : nil
      let difference = divergence.difference(name, position, before, after, cuts: cuts)
      switch divergence.kind {
      case .same: break
      case .noise:
        masks.append(
          Mask(observation: name, after: before, left: difference.left.distinct, right: difference.right.distinct))
      case .unstable: unstable = unstable ?? difference
      case .oneSided where isBesideNoise(parts, index, leftCount): break
      case .difference, .oneSided:
        let whole = Divergence(alignment.from(index), leftCount).difference(name, position, before, "", cuts: cuts)
        let shown = index + 2 < parts.count ? whole : difference
        return divergence.isHang ? .hung(shown) : .different(shown)
      }
      offset += segments[0].reduce(0) { $0 + $1.byteCount }
    }
    return unstable.map { .unstable($0) } ?? .same(masks: masks)
  }

  /// Where both sides vary, a byte or two of one side can be equal by chance.
  private func isBesideNoise(_ parts: [Alignment.Part], _ index: Int, _ leftCount: Int) -> Bool {
    [index - 2, index + 2].contains { other in
      guard parts.indices.contains(other), case .gap(let segments) = parts[other],
        case .common(let between) = parts[(index + other) / 2]
      else { return false }
      let divergence = Divergence(segments, leftCount)
      return divergence.kind == .noise && between.count == 1 && between[0].byteCount <= 2 && !between[0].isMark
    }
  }
}

extension Sequence<Token> {
  var shown: String { map(\.shown).joined() }
}

extension Alignment.Part {
  /// The end or the beginning of the common text, as a report shows it.
  fileprivate func shown(last count: Int) -> String { tokens.suffix(count / 2).shown.suffixed(count) }

  fileprivate func shown(first count: Int) -> String { tokens.prefix(count / 2).shown.prefixed(count) }

  private var tokens: [Token] {
    switch self {
    case .common(let tokens): tokens
    case .gap: []
    }
  }
}

extension String {
  func suffixed(_ count: Int) -> String { self.count <= count ? self : "…" + suffix(count) }

  func prefixed(_ count: Int) -> String { self.count <= count ? self : prefix(count) + "…" }
}
