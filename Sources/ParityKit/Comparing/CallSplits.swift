/// Detects that two sides move the same bytes with the same calls, and only split them differently.
enum CallSplits {
  /// Consecutive calls of one kind.
  private struct Stretch: Equatable {
    let call: String
    var bytes: Int
    var calls: Int

    static func == (first: Stretch, second: Stretch) -> Bool {
      (first.call, first.bytes) == (second.call, second.bytes)
    }
  }

  /// A description such as `one write split in two`; nil if more than the splits differs.
  static func note(_ left: [Observation.Fragment], _ right: [Observation.Fragment]) -> String? {
    let (left, right) = (stretches(left), stretches(right))
    guard left == right, let (before, after) = zip(left, right).first(where: { $0.calls != $1.calls }) else {
      return nil
    }
    let name = before.call.prefix { $0 != " " }
    if before.calls == 1 { return "one \(name) split in \(word(after.calls))" }
    if after.calls == 1 { return "\(word(before.calls)) \(name)s merged into one" }
    return "the same bytes in \(word(before.calls)) \(name)s and in \(word(after.calls))"
  }

  private static func stretches(_ fragments: [Observation.Fragment]) -> [Stretch] {
    var stretches: [Stretch] = []
    var index = 0
    while index < fragments.count {
      guard case .mark(let call, _) = fragments[index] else { return [] }
      index += 1
      var count = 0
      if index < fragments.count, case .bytes(let digits) = fragments[index] {
        count = Int(String(decoding: digits, as: UTF8.self)) ?? 0
        index += 1
      }
      if count > 0, let last = stretches.last, last.call == call, last.bytes > 0 {
        stretches[stretches.count - 1].bytes += count
        stretches[stretches.count - 1].calls += 1
      } else {
        stretches.append(Stretch(call: call, bytes: count, calls: 1))
      }
    }
    return stretches
  }

  private static func word(_ number: Int) -> String {
    let words = ["no", "one", "two", "three", "four", "five", "six"]
    return words.indices.contains(number) ? words[number] : String(number)
  }
}
