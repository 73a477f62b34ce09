extension ScenarioResult {
  /// Reads the result from a JSON report.
  init(_ place: Report.Field) throws(InputError) {
    let name = try place["name"].text
    var scenario: Scenario
    if let yaml = place.has("yaml") {
      scenario = try Scenario(yaml: try yaml.text, file: "\(place.file), \(name)")
    } else {
      scenario = Scenario(name, steps: [])
    }
    scenario.name = name
    self.init(
      scenario, cells: try place["cells"].all(Cell.init),
      troubles: try place.has("troubles")?.texts ?? [], runs: try place.has("runs")?.number ?? 0)
    number = try place.has("number")?.number
    replay = try place.has("replay")?.text
  }
}

extension ScenarioResult.Cell {
  fileprivate init(_ place: Report.Field) throws(InputError) {
    channel = try place["channel"].choice(Channel.self)
    let word = try place["finding"]
    switch try word.text {
    case "same": finding = .same(masks: try place.has("masks")?.all(Mask.init) ?? [])
    case "different": finding = .different(try Difference(place["difference"]))
    case "hung": finding = .hung(try Difference(place["difference"]))
    case "unstable": finding = .unstable(try Difference(place["difference"]))
    case "known": finding = .known(try Difference(place["difference"]), reason: try place["reason"].text)
    case "not judged": finding = .notJudged(reason: try place["reason"].text)
    case "measured":
      finding = .measured(left: try ResourceUsage(place["left"]), right: try ResourceUsage(place["right"]))
    default:
      throw try word.unknown(allowed: ["same", "different", "hung", "unstable", "known", "not judged", "measured"])
    }
  }
}

extension Mask {
  fileprivate init(_ place: Report.Field) throws(InputError) {
    (trace, after) = (try place["trace"].text, try place["after"].text)
    (left, right) = (try place["left"].texts, try place["right"].texts)
  }
}

extension Difference {
  fileprivate init(_ place: Report.Field) throws(InputError) {
    (trace, offset) = (try place["trace"].text, try place.has("offset")?.number ?? 0)
    (before, after) = (try place.has("before")?.text ?? "", try place.has("after")?.text ?? "")
    (left, right) = (try place["left"].texts, try place["right"].texts)
    note = try place.has("note")?.text
    varies = Set(left).count > 1 || Set(right).count > 1
  }
}

extension ResourceUsage {
  fileprivate init(_ place: Report.Field) throws(InputError) {
    processorTime = .microseconds(try place["microseconds"].number)
    peakMemory = try place["peakMemory"].number
    calls = try place.has("calls")?.number
  }
}

extension MaskRule {
  init(_ place: Report.Field) throws(InputError) {
    let difference = try place.has("difference")?.text
    let mask = try place.has("mask")?.text
    guard let pattern = difference ?? mask else { throw place.refused("has no pattern") }
    self.init(
      pattern, in: try place["channel"].choice(Channel.self),
      of: try place.has("scenario")?.text, reason: try place["reason"].text, isDifference: difference != nil)
  }
}

extension FuzzSummary {
  init(_ place: Report.Field) throws(InputError) {
    (seed, runs) = (try place["seed"].number, try place["runs"].number)
    let texts = try place["shards"].texts
    shards = texts.compactMap(Shard.init)
    if shards.count != texts.count { throw place.refused("has a shard that is none: \(texts)") }
    played = try place["played"].number
    seldom = try place["seldom"].all { place throws(InputError) in try place.number }
    compared = Set(try place["compared"].all { place throws(InputError) in try place.choice(Channel.self) })
  }
}
