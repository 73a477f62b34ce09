/// Names for noise in a report.
enum NoiseName {
  /// A name such as `{pid}`, `{date}`, `{hex}` or `{number}`, from the values and the text before them.
  static func name(of gap: Gap, after before: String) -> String {
    let values = (gap.left + gap.right).map { $0.flatMap(\.bytes) }.filter { !$0.isEmpty }
    let kinds = Set(values.joined().map(NoiseFeature.ByteClass.init))
    let hexadecimal: Set<NoiseFeature.ByteClass> = [.digit, .lowerHexadecimal, .upperHexadecimal]
    if kinds == [.digit] {
      if isTime(before) { return "{date}" }
      let isProcess = before.hasSuffix("[") || before.suffix(8).lowercased().contains("pid")
      return isProcess ? "{pid}" : "{number}"
    }
    if isTime(before), kinds.isSubset(of: [.digit, .punctuation]) { return "{date}" }
    if kinds.isSubset(of: hexadecimal), (values.map(\.count).min() ?? 0) >= 4 { return "{hex}" }
    let isPlain = kinds.isDisjoint(with: [.other, .control])
    return isPlain && !kinds.contains(.punctuation) && !kinds.isEmpty ? "{word}" : "{varies}"
  }

  /// Whether the text ends in the middle of a date or a time of day.
  private static func isTime(_ before: String) -> Bool {
    let end = before.suffix(24)
    return end.contains(/\d\d:$/) || end.contains(/\d\d\d\d-(\d\d-)?$/)
      || end.contains(/\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun), $/)
      || end.contains(/\d\d:\d\d\.$/)
  }
}
