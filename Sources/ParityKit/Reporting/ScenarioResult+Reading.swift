internal import Formats

extension ScenarioResult {
  /// Reads the result from a JSON report.
  init(_ field: Report.Field) throws(InputError) {
    let name = try field["name"].text
    var scenario: Scenario
    if let yaml = field.optional("yaml") {
      scenario = try Scenario(yaml: try yaml.text, file: "\(field.file), \(name)")
    } else {
      scenario = Scenario(name, steps: [])
    }
    scenario.name = name
    self.init(
      scenario, cells: try field["cells"].all(Cell.init),
      troubles: try field.optional("troubles")?.texts ?? [], runs: try field.optional("runs")?.number ?? 0,
      vacuous: try field.optional("vacuous")?.texts ?? [])
    number = try field.optional("number")?.number
    replay = try field.optional("replay")?.text
  }
}

extension ScenarioResult.Cell {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    channel = try field["channel"].choice(Channel.self)
    let word = try field["finding"]
    switch try word.text {
    case "same": finding = .same(masks: try field.optional("masks")?.all(Mask.init) ?? [])
    case "different": finding = .different(try Difference(field["difference"]))
    case "hung": finding = .hung(try Difference(field["difference"]))
    case "varies": finding = .varies(try Difference(field["difference"]))
    case "partly": finding = .partly(try Difference(field["difference"]))
    case "noted": finding = .noted(try Difference(field["difference"]))
    case "known": finding = .known(try Difference(field["difference"]), reason: try field["reason"].text)
    case "not judged": finding = .notJudged(reason: try field["reason"].text)
    case "measured":
      finding = .measured(left: try ResourceUsage(field["left"]), right: try ResourceUsage(field["right"]))
    default:
      throw try word.unknown(
        allowed: ["same", "different", "hung", "varies", "partly", "noted", "known", "not judged", "measured"])
    }
  }
}

extension Mask {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    (observation, after) = (try field["trace"].text, try field["after"].text)
    name = try field.optional("name")?.text ?? "{varies}"
    (left, right) = (try field["left"].texts, try field["right"].texts)
    (note, isSettled) = (try field.optional("note")?.text, true)
  }
}

extension Difference {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    self.init(
      observation: try field["trace"].text, offset: try field.optional("offset")?.number ?? 0,
      before: try field.optional("before")?.text ?? "", after: try field.optional("after")?.text ?? "",
      left: try field["left"].texts, right: try field["right"].texts, note: try field.optional("note")?.text,
      others: try field.optional("others")?.all(Difference.init) ?? [])
  }
}

extension ResourceUsage {
  fileprivate init(_ field: Report.Field) throws(InputError) {
    processorTime = .microseconds(try field["microseconds"].number)
    peakMemory = try field["peakMemory"].number
    calls = try field.optional("calls")?.number
  }
}

extension MaskRule {
  init(_ field: Report.Field) throws(InputError) {
    let difference = try field.optional("difference")?.text
    let mask = try field.optional("mask")?.text
    guard let pattern = difference ?? mask else { throw field.refused("has no pattern") }
    self.init(
      pattern, in: try field["channel"].choice(Channel.self),
      of: try field.optional("scenario")?.text, reason: try field["reason"].text, isDifference: difference != nil)
  }
}

extension FuzzSummary {
  init(_ field: Report.Field) throws(InputError) {
    (seed, runs) = (try field["seed"].number, try field["runs"].number)
    let texts = try field["shards"].texts
    shards = texts.compactMap(Shard.init)
    if shards.count != texts.count { throw field.refused("has an invalid shard: \(texts)") }
    played = try field["played"].number
    compared = Set(try field["compared"].all { field throws(InputError) in try field.choice(Channel.self) })
  }
}
