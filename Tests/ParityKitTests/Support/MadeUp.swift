@testable import ParityKit

extension Transcript {
  /// A run that never took place.
  static func made(output: String = "", exit status: CInt = 0) -> Transcript {
    var transcript = Transcript()
    (transcript.output, transcript.exits) = (Array(output.utf8), [.exited(status)])
    return transcript
  }
}

extension Report {
  /// The report of made-up runs of one scenario.
  static func made(_ left: [Transcript], _ right: [Transcript], _ channels: [Channel]) -> Report {
    let scenario = Scenario("made", steps: [.connect("a"), .close("a")])
    return Report(
      left: Program(words: ["left"]), right: Program(words: ["right"]), channels: channels,
      results: [ScenarioResult(scenario, channels, left, right, [])], stale: [], time: .zero)
  }
}
