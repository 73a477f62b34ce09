/// Compares what one program did then with what it does now, by the same noise model as two programs.
struct SideComparison {
  let then: [KeptRun]
  let now: [KeptRun]
  /// The masks of the scenario; known differences are those between the two programs.
  let masks: [MaskRule]

  /// What is otherwise now: the left of a difference is then, and its right is now.
  func changes(_ channels: [Channel]) -> [Change] {
    channels.flatMap { channel -> [Change] in
      let own = masks.filter { $0.channel == channel }
      return names(channel).flatMap { name -> [Change] in
        let (then, now) = (fragments(then, channel, name, own), fragments(now, channel, name, own))
        if differences(name, then, now).isEmpty { return [] }
        // Then and now are different times.
        return differences(name, then.map(ClockMask.apply), now.map(ClockMask.apply)).map {
          Change(channel: channel, difference: $0)
        }
      }
    }
  }

  struct Change: Hashable, Sendable {
    let channel: Channel
    let difference: Difference

    /// Equal for changes that look the same to a reader.
    var cause: [String] { [channel.rawValue] + difference.cause }
  }

  private func names(_ channel: Channel) -> [String] {
    (then + now).flatMap { $0.observations[channel] ?? [] }.map(\.name).distinct
  }

  private func fragments(
    _ runs: [KeptRun], _ channel: Channel, _ name: String, _ masks: [MaskRule]
  ) -> [[Observation.Fragment]] {
    runs.map { run in
      let fragments = run.observations[channel]?.first { $0.name == name }?.fragments ?? []
      return masks.reduce(fragments) { $1.apply($0) ?? $0 }
    }
  }

  private func differences(
    _ name: String, _ then: [[Observation.Fragment]], _ now: [[Observation.Fragment]]
  ) -> [Difference] {
    let model = NoiseModel(left: then, right: now, ports: (self.then + self.now).map(\.ports))
    return model.places.filter { $0.gap.kind == .difference }.prefix(Limits.differences).map {
      Difference(name, $0, in: model, hasOffset: true)
    }
  }
}

/// Text that a clock prints, which is another one now than then, though it may be the same in all runs of then.
enum ClockMask {
  private static let patterns = [
    // RFC 9110: Sun, 06 Nov 1994 08:49:37 GMT
    "(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [ 0-9]?[0-9] (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4}",
    // asctime(3) and syslog
    "((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-9]?[0-9]\\b",
    // Common Log Format: 10/Oct/2000
    "[0-9]{2}/(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/[0-9]{4}",
    // RFC 3339, with or without a time
    "\\b20[0-9]{2}[-/][01][0-9][-/][0-3][0-9]([T ][0-2][0-9]:[0-5][0-9]:[0-6][0-9]([.,][0-9]+)?)?",
    "\\b[0-2]?[0-9]:[0-5][0-9]:[0-6][0-9]([.,][0-9]+)?",
    // Seconds since 1970, with or without parts of a second
    "\\b1[6-9][0-9]{8}([0-9]{3}|[0-9]{6}|[0-9]{9})?\\b",
  ]

  private static let rules = patterns.map {
    MaskRule($0, in: .wire, of: nil, reason: "a clock", isDifference: false)
  }

  static func apply(_ fragments: [Observation.Fragment]) -> [Observation.Fragment] {
    rules.reduce(fragments) { $1.apply($0) ?? $0 }
  }
}
