/// Compares the runs of both sides in one channel.
struct ChannelComparison {
  let left: [Transcript]
  let right: [Transcript]
  /// The rules for this channel and scenario.
  var rules: [MaskRule] = []
  var limits = ResourceLimits()

  /// Compares, and adds the rules that applied to `used`. A known difference does not hide another one.
  func finding(_ channel: Channel, _ used: inout Set<MaskRule>) -> Finding {
    switch channel {
    case .cost:
      let (left, right) = (ResourceUsage.mean(left.map(\.cost)), ResourceUsage.mean(right.map(\.cost)))
      let differences = limits.differences(left, right)
      if differences.isEmpty { return .measured(left: left, right: right) }
      return finding(TraceResult(differences: differences), &used)
    case .time:
      let finding = finding(TraceResult(differences: limits.differences(left, right)), &used)
      if case .different(let difference) = finding, limits.latency == nil { return .noted(difference) }
      return finding
    case .output, .leftovers:
      let hung = [("left", left), ("right", right)].filter { $0.1.contains { $0.hang != nil } }
      if hung.count == 1 { return .notJudged(reason: "\(hung[0].0) hung, so its runs were cut short") }
    case .wire, .exit, .calls: break
    }
    let (left, right) = (observations(channel, left, other: right), observations(channel, right, other: left))
    var names: [String] = []
    for observation in (left + right).joined() where !names.contains(observation.name) {
      names.append(observation.name)
    }
    var result = TraceResult()
    for name in names {
      var runs = (left + right).map { run in run.first { $0.name == name }?.fragments ?? [] }
      for rule in rules where !rule.isDifference {
        for index in runs.indices {
          guard let masked = rule.apply(runs[index]) else { continue }
          runs[index] = masked
          used.insert(rule)
        }
      }
      if runs.contains(where: { Self.isCut($0, channel) }) { result.masks.append(Mask(beyondMaximumOf: name)) }
      if channel == .calls, let variants = variants(name, runs, left.count) {
        result.masks += variants
      } else {
        let found = trace(name, runs, left.count, isCalls: channel == .calls)
        let ordered = channel == .output && found.onlyVaries ? order(of: name, runs, left.count) : nil
        result.add(ordered ?? found)
      }
    }
    return finding(result, &used)
  }

  /// Whether more bytes arrived than are kept. Names of ports and folders change the length of output a little.
  private static func isCut(_ fragments: [Observation.Fragment], _ channel: Channel) -> Bool {
    fragments.contains { fragment in
      switch fragment {
      case .bytes(let bytes): channel == .output && bytes.count > Limits.output - Limits.named
      case .mark: channel == .wire && fragment == Connection.Event.endless.fragment
      }
    }
  }

  /// The worst of all that was found.
  private func finding(_ result: TraceResult, _ used: inout Set<MaskRule>) -> Finding {
    var accepted: Finding?
    /// What no rule accepts, as one.
    func unknown(_ all: [Difference]) -> Difference? {
      let others = all.filter { difference in
        guard let reason = known(difference, &used) else { return true }
        accepted = accepted ?? .known(difference, reason: reason)
        return false
      }
      var first = others.first
      first?.others = Array(others.dropFirst().prefix(Limits.differences))
      return first
    }
    let all = (unknown(result.differences), unknown(result.unaligned), unknown(result.varying))
    if let first = all.0 { return result.hangs.contains(first.withoutOthers) ? .hung(first) : .different(first) }
    return all.1.map(Finding.partly) ?? all.2.map(Finding.varies) ?? accepted ?? .same(masks: result.masks)
  }

  /// The reason of the rule that accepts a difference.
  private func known(_ difference: Difference, _ used: inout Set<MaskRule>) -> String? {
    guard let rule = rules.first(where: { $0.isDifference && $0.matches(difference) }) else { return nil }
    used.insert(rule)
    return rule.reason
  }

  /// Shared objects count only if they appear in each run of a side, and in each or none of the other one; other
  /// programs create them, too.
  private func observations(_ channel: Channel, _ runs: [Transcript], other: [Transcript]) -> [[Observation]] {
    guard channel == .leftovers, let first = runs.first else { return runs.map(channel.observations) }
    let shared = runs.reduce(first.sharedObjects) { $0.intersection($1.sharedObjects) }.filter { object in
      let count = other.count { $0.sharedObjects.contains(object) }
      return count == 0 || count == other.count
    }
    return runs.map { run in
      var run = run
      run.sharedObjects = shared
      return channel.observations(of: run)
    }
  }

  // MARK: One trace

  /// What was found in the traces of a channel.
  private struct TraceResult {
    var masks: [Mask] = []
    var differences: [Difference] = []
    /// Those differences that are a side's silence when its time was over.
    var hangs: Set<Difference> = []
    /// What is neither a difference nor noise, and text that was not compared.
    var varying: [Difference] = []
    var unaligned: [Difference] = []

    var onlyVaries: Bool { differences.isEmpty && unaligned.isEmpty && !varying.isEmpty }

    mutating func add(_ other: TraceResult) {
      masks += other.masks
      differences += other.differences
      hangs.formUnion(other.hangs)
      varying += other.varying
      unaligned += other.unaligned
    }
  }

  /// Calls depend on timing more than data does. So two sides are the same if one run of each made the same calls; the
  /// other variants are reported. Nil if no two runs agree.
  private func variants(_ name: String, _ runs: [[Observation.Fragment]], _ leftCount: Int) -> [Mask]? {
    let (left, right) = (Set(runs[..<leftCount]), Set(runs[leftCount...]))
    guard !left.isDisjoint(with: right) else { return nil }
    if left.count == 1, right.count == 1 { return [] }
    let all = (left.union(right)).map { Token.words(Token.lines($0)) }
    var same = 0
    while all.allSatisfy({ $0.count > same && $0[same] == all[0][same] }) { same += 1 }
    func shown(_ run: [Observation.Fragment]) -> String {
      Token.words(Token.lines(run)).dropFirst(same).prefix(Limits.shown).shown.prefixed(Limits.shown)
    }
    let before = all[0].prefix(same).suffix(Limits.context / 2).shown.suffixed(Limits.context)
    return [
      Mask(
        observation: name, name: "{calls}", after: before, left: left.map(shown).sorted(),
        right: right.map(shown).sorted(), note: nil, isSettled: true)
    ]
  }

  /// Threads print their lines in any order. If the lines are the same but for their order, that is noise; an order that
  /// one side has more often, beyond chance, is a difference before. Nil if the lines are not the same.
  private func order(of name: String, _ runs: [[Observation.Fragment]], _ leftCount: Int) -> TraceResult? {
    let sorted = runs.map { run -> [Observation.Fragment] in
      let lines = Token.lines(run).map { (shape: $0.bytes.filter { !(0x30...0x39).contains($0) }, line: $0) }
      return [.bytes(lines.sorted { $0.shape.lexicographicallyPrecedes($1.shape) }.flatMap(\.line.bytes))]
    }
    var result = trace(name, sorted, leftCount, isCalls: false)
    guard result.differences.isEmpty, result.varying.isEmpty, result.unaligned.isEmpty else { return nil }
    result.masks.append(Mask(orderOfLinesIn: name))
    return result
  }

  private func trace(
    _ name: String, _ runs: [[Observation.Fragment]], _ leftCount: Int, isCalls: Bool
  ) -> TraceResult {
    let transcripts = left + right
    let model = NoiseModel(
      left: Array(runs[..<leftCount]), right: Array(runs[leftCount...]), ports: transcripts.map(\.ports),
      captured: transcripts.map(\.captured))
    let cuts = isCalls ? CallSplits.note(runs[0], runs[leftCount]) : nil
    var result = TraceResult()
    var further = 0
    // A report names some differences, and rules may accept each of them.
    let most = rules.contains(where: \.isDifference) ? Int.max : Limits.differences + 1
    for place in model.places {
      switch place.gap.kind {
      case .same: break
      case .noise:
        if result.masks.count < Limits.masks { result.masks.append(Mask(name, place, in: model)) } else { further += 1 }
      case .varies:
        if result.varying.count < most {
          result.varying.append(Difference(name, place, in: model, hasOffset: !isCalls))
        }
      case .difference:
        if result.differences.count >= most { break }
        let note = result.differences.isEmpty ? cuts : nil
        let difference = Difference(name, place, in: model, hasOffset: !isCalls, note: note)
        result.differences.append(difference)
        if place.gap.isHang { result.hangs.insert(difference) }
      }
    }
    if further > 0 { result.masks.append(Mask(furtherPlaces: further, in: name, isSettled: model.isSettled)) }
    if let unjudged = model.unjudged {
      let bytes = unjudged.bytes.map { "\($0) bytes" }
      result.unaligned.append(
        Difference(
          observation: name, offset: unjudged.offset, before: "", after: "", left: Array(bytes[..<leftCount]),
          right: Array(bytes[leftCount...]),
          note: "not judged beyond byte \(unjudged.offset): too many lines vary to align them"))
    }
    return result
  }
}
