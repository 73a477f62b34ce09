/// The runs of both sides in one channel, and what they come to.
struct Sides {
  let left: [Transcript]
  let right: [Transcript]
  var masks: [Allowance] = []

  /// Adds the masks that were needed to those used.
  func finding(_ channel: Channel, _ used: inout Set<Allowance>) -> Finding {
    switch channel {
    case .calls: return .notJudged(reason: "system calls were not recorded")
    case .cost: return .measured(left: Cost.mean(left.map(\.cost)), right: Cost.mean(right.map(\.cost)))
    case .output, .leftovers:
      let hung = [("left", left), ("right", right)].filter { $0.1.contains { $0.hang != nil } }
      if hung.count == 1 { return .notJudged(reason: "\(hung[0].0) hung, so its runs were cut short") }
    case .wire, .exit: break
    }
    let (left, right) = (traces(channel, left), traces(channel, right))
    var names: [String] = []
    for trace in (left + right).joined() where !names.contains(trace.name) { names.append(trace.name) }
    var masks: [Mask] = []
    for name in names {
      var runs = (left + right).map { run in run.first { $0.name == name }?.fragments ?? [] }
      for mask in self.masks {
        for index in runs.indices {
          guard let masked = mask.apply(runs[index]) else { continue }
          runs[index] = masked
          used.insert(mask)
        }
      }
      switch finding(name, runs, leftCount: left.count) {
      case .same(let more): masks += more
      case let other: return other
      }
    }
    return .same(masks: masks)
  }

  /// Of system-wide objects, only those that appear in each run of a side can be the program's doing.
  private func traces(_ channel: Channel, _ runs: [Transcript]) -> [[Trace]] {
    guard channel == .leftovers, let first = runs.first else { return runs.map(channel.traces) }
    let shared = runs.reduce(first.sharedObjects) { $0.intersection($1.sharedObjects) }
    return runs.map { run in
      var run = run
      run.sharedObjects = shared
      return channel.traces(of: run)
    }
  }

  // MARK: One trace

  private func finding(_ name: String, _ runs: [[Trace.Fragment]], leftCount: Int) -> Finding {
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
      let gap = Gap(segments, leftCount)
      let before = index > 0 ? parts[index - 1].shown(last: Bounds.context) : ""
      let after = index + 1 < parts.count ? parts[index + 1].shown(first: Bounds.context) : ""
      let difference = gap.difference(name, offset, before, after, note: gap.note)
      switch gap.kind {
      case .same: break
      case .noise:
        masks.append(Mask(trace: name, after: before, left: difference.left.distinct, right: difference.right.distinct))
      case .unstable: unstable = unstable ?? difference
      case .oneSided where isBesideNoise(parts, index, leftCount): break
      case .difference, .oneSided:
        let whole = Gap(alignment.from(index), leftCount).difference(name, offset, before, "", note: gap.note)
        let shown = index + 2 < parts.count ? whole : difference
        return gap.isHang ? .hung(shown) : .different(shown)
      }
      offset += segments[0].reduce(0) { $0 + $1.byteCount }
    }
    return unstable.map { .unstable($0) } ?? .same(masks: masks)
  }

  /// In bytes that vary on both sides, one side's may be the same by chance for a byte or two.
  private func isBesideNoise(_ parts: [Alignment.Part], _ index: Int, _ leftCount: Int) -> Bool {
    [index - 2, index + 2].contains { other in
      guard parts.indices.contains(other), case .gap(let segments) = parts[other],
        case .common(let between) = parts[(index + other) / 2]
      else { return false }
      let gap = Gap(segments, leftCount)
      return gap.kind == .noise && between.count == 1 && between[0].byteCount <= 2 && !between[0].isMark
    }
  }
}

extension Sequence<Token> {
  var shown: String { map(\.shown).joined() }
}

extension Alignment.Part {
  /// The end of what is common here, or its beginning, as a report shows it.
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

extension Cost {
  static func mean(_ costs: [Cost]) -> Cost {
    guard !costs.isEmpty else { return Cost() }
    let time = costs.reduce(Duration.zero) { $0 + $1.processorTime } / costs.count
    return Cost(processorTime: time, peakMemory: costs.map(\.peakMemory).reduce(0, +) / costs.count)
  }
}
