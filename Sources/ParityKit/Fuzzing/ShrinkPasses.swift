/// Simpler forms of a scenario's steps, the most promising first.
enum ShrinkPasses {
  static let passes: [@Sendable ([Step]) -> [[Step]]] = [
    dropped, unrolled, merged, { each($0, shorter) }, { each($0, plainer) }, dropped, renamed,
  ]

  // MARK: Fewer steps

  /// Without a half of the steps, a quarter, and so on down to one.
  private static func dropped(_ steps: [Step]) -> [[Step]] {
    var (candidates, size) = ([[Step]](), steps.count)
    while size > 0 {
      // From the end, because the last steps are the least needed.
      for start in stride(from: steps.count - size, through: 0, by: -size) {
        candidates.append(Array(steps[..<start] + steps[(start + size)...]))
      }
      size = size == 1 ? 0 : (size + 1) / 2
    }
    return candidates
  }

  /// Repetitions played once, or fewer times.
  private static func unrolled(_ steps: [Step]) -> [[Step]] {
    steps.indices.flatMap { index -> [[Step]] in
      guard case .repeated(let times, let inner) = steps[index] else { return [] }
      let flat = (1..<times).map { Array(repeatElement(inner, count: $0).joined()) } + [inner + inner]
      return flat.map { Array(steps[..<index] + $0 + steps[(index + 1)...]) }
    }
  }

  // MARK: Fewer peers

  private static func merged(_ steps: [Step]) -> [[Step]] {
    let names = peers(of: steps)
    return names.indices.flatMap { second in
      names[..<second].map { first in steps.map { $0.renamed { $0 == names[second] ? first : $0 } } }
    }
  }

  /// Renames the peers: a, b and so on.
  private static func renamed(_ steps: [Step]) -> [[Step]] {
    let names = peers(of: steps)
    let new = names.indices.map { String(UnicodeScalar(UInt8(97 + $0 % 26))) }
    if names.count > 26 || names == new { return [] }
    return [steps.map { $0.renamed { name in names.firstIndex(of: name).map { new[$0] } ?? name } }]
  }

  private static func peers(of steps: [Step]) -> [String] {
    steps.flatMap { step -> [String] in
      if case .repeated(_, let inner) = step { return peers(of: inner) }
      return step.peer.map { [$0] } ?? []
    }.distinct
  }

  // MARK: Simpler steps

  private static func each(_ steps: [Step], _ simplify: (Step) -> [Step]) -> [[Step]] {
    steps.indices.flatMap { index in
      simplify(steps[index]).filter { $0 != steps[index] }.map { simpler in
        var steps = steps
        steps[index] = simpler
        return steps
      }
    }
  }

  private static func shorter(_ step: Step) -> [Step] {
    switch step {
    case .send(let peer, let payload, let pieces): payload.shorter.map { .send(peer, $0, pieces) }
    case .input(let payload): payload.shorter.map { .input($0) }
    default: []
    }
  }

  private static func plainer(_ step: Step) -> [Step] {
    switch step {
    case .connect(let peer, let manner): manner.plainer.map { .connect(peer, $0) }
    case .accept(let peer, let manner): manner.plainer.map { .accept(peer, $0) }
    case .listen: [.listen()]
    case .send(let peer, let payload, let pieces):
      payload.plainer.map { .send(peer, $0, pieces) } + pieces.plainer.map { .send(peer, payload, $0) }
    case .input(let payload): payload.plainer.map { .input($0) }
    case .settle: [.settle()]
    case .receive(let peer, .nothing, let within, _): [.receive(peer, .nothing(milliseconds: 0), within: within)]
    case .receive(let peer, .count(let count), let within, _):
      [1, count / 2].filter { $0 > 0 && $0 < count }.map { .receive(peer, .count($0), within: within) }
    default: []
    }
  }
}

extension Step {
  func renamed(_ name: (String) -> String) -> Step {
    switch self {
    case .connect(let peer, let manner): .connect(name(peer), manner)
    case .accept(let peer, let manner): .accept(name(peer), manner)
    case .send(let peer, let payload, let pieces): .send(name(peer), payload, pieces)
    case .halfClose(let peer): .halfClose(name(peer))
    case .close(let peer): .close(name(peer))
    case .reset(let peer): .reset(name(peer))
    case .receive(let peer, let expectation, let within, let captures):
      .receive(name(peer), expectation, within: within, capture: captures)
    case .repeated(let times, let steps): .repeated(times: times, steps.map { $0.renamed(name) })
    case .start, .occupy, .listen, .input, .endInput, .signal, .waitForExit, .settle: self
    }
  }
}
