extension Comparison {
  /// The runs, awaited where a side was silent.
  func awaited(
    _ runs: RunSet, _ scenario: Scenario, isTraced: Bool = false, _ pool: BlockingPool,
    _ urgency: BlockingPool.Urgency = .usual, of programs: (left: Int, right: Int) = (0, 1)
  ) async -> RunSet {
    await runs.awaited(silences, of: programs) { isLeft, awaited in
      let program = isLeft ? left : right
      return await pool.run(urgency) {
        // Time to confirm a silence must be left.
        program.play(
          scenario, timeout: remaining.limited(timeout), isTraced: isTraced, awaiting: awaited, within: remaining)
      }
    }.finished
  }
}

extension RunSet {
  /// Plays a program once: whether it is the left one, and for what it is awaited.
  typealias Play = @Sendable (_ isLeft: Bool, Awaited) async -> Transcript

  /// The runs, each of which counts as silent only after it was awaited: where a side has not shown what the other one
  /// has, it plays once more, and each step waits for that. A busy machine or a slow program is no difference.
  func awaited(
    _ silences: Silences, of programs: (left: Int, right: Int), _ play: @escaping Play
  ) async -> RunSet {
    var runs = self
    // The right side is compared with left runs that have been awaited.
    runs.left = await Self.awaited(runs.left, beside: runs.right, programs.left, silences) { await play(true, $0) }
    runs.right = await Self.awaited(runs.right, beside: runs.left, programs.right, silences) { await play(false, $0) }
    return runs
  }

  private static func awaited(
    _ own: [Transcript], beside others: [Transcript], _ program: Int, _ silences: Silences,
    _ play: @escaping @Sendable (Awaited) async -> Transcript
  ) async -> [Transcript] {
    await withTaskGroup(of: (Int, Transcript).self) { group in
      for (index, run) in own.enumerated() {
        for other in others {
          guard let silence = run.silence(beside: other) else { continue }
          group.addTask {
            guard let hopeless = await silences.reserve(silence, of: program) else { return (index, run) }
            let again = await play(Awaited(milestones: other.milestones, hopeless: hopeless))
            let rest = again.isUnfinished ? nil : again.silence(beside: other)
            let never = again.vain.union([rest].compactMap(\.self))
            await silences.settle(silence, of: program, ends: !again.isUnfinished, never: never)
            return (index, rest == nil ? again : run)
          }
          break
        }
      }
      var all = own
      for await (index, run) in group { all[index] = run }
      return all
    }
  }
}

/// Which kinds of silence of a program end if it is awaited. While one scenario finds out, the others wait. A kind that
/// never ended is not awaited again.
actor Silences {
  private struct Key: Hashable {
    let silence: Milestone.Silence
    /// The number of the program: 0 on the left, 1 on the right.
    let program: Int
  }

  /// Whether the kind ends.
  private var known: [Key: Bool] = [:]
  private var busy: Set<Key> = []
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Returns the kinds that never end; nil if this kind is one of them.
  func reserve(_ silence: Milestone.Silence, of program: Int) async -> Set<Milestone.Silence>? {
    let key = Key(silence: silence, program: program)
    while known[key] == nil, busy.contains(key) { await withCheckedContinuation { waiting.append($0) } }
    if known[key] == false { return nil }
    busy.insert(key)
    return hopeless(program)
  }

  /// The kinds of a program that never end.
  private func hopeless(_ program: Int) -> Set<Milestone.Silence> {
    Set(known.filter { $0.key.program == program && !$0.value }.map(\.key.silence))
  }

  /// The number of the slow program; nil if no program, or more than one, is slow. A slow program answers, but later
  /// than the other ones.
  var slow: Int? {
    let slow = Set(known.filter(\.value).map(\.key.program))
    return slow.count == 1 ? slow.first : nil
  }

  /// For what a program is awaited, after another one has shown it.
  func awaited(_ other: Transcript, of program: Int) -> Awaited {
    Awaited(milestones: other.milestones, hopeless: hopeless(program))
  }

  /// Ends a reservation, with the kinds that were awaited in vain.
  func settle(_ silence: Milestone.Silence, of program: Int, ends: Bool = true, never: Set<Milestone.Silence>) {
    let key = Key(silence: silence, program: program)
    busy.remove(key)
    if known[key] == nil, ends { known[key] = true }
    for other in never { known[Key(silence: other, program: program)] = false }
    let others = waiting
    waiting = []
    for other in others { other.resume() }
  }
}

extension Transcript {
  /// The first thing that another run has shown and this one has not, if they differ in what they have shown. The bytes
  /// may be noise, and so may their number.
  func silence(beside other: Transcript) -> Milestone.Silence? {
    let isSame = shape == other.shape
    let signs: [Milestone.Sign] = isSame ? [.output, .removal] : Milestone.Sign.allCases
    for (own, other) in zip(milestones, other.milestones) where own.step == other.step {
      if let first = own.silences(beside: other, signs).first { return first }
    }
    // A program that had not read yet, or not accepted, can end in another way.
    return isSame ? nil : Milestone.Silence(step: "reading", sign: .taken)
  }

  /// The kinds of events, without the bytes.
  private var shape: [[String]] {
    connections.map { $0.events.map(\.kind) } + [exits.map(\.description), [hang ?? "", trouble ?? ""]]
  }
}

extension Connection.Event {
  fileprivate var kind: String {
    if case .received = self { "received" } else { "\(self)" }
  }
}
