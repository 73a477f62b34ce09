// Tests of the helper that the property tests rely on.
internal import Crowd
internal import IPC
internal import Testing

extension Engines {
  @Suite struct PropertyTestingTests {
    @Test("A run without options tries at least 60,000 inputs") func plannedCases() {
      let planned = Property.allCases.map { $0.planned }
      #expect(planned.allSatisfy { $0 > 0 })
      #expect(planned.reduce(0, +) >= 60_000)
      // Most of them are random, not part of an exhaustive list.
      #expect(planned.reduce(0, +) - Property.bytePairs.planned - Property.errorTexts.planned >= 50_000)
    }

    @Test("A property that compares nothing fails") func noComparisons() {
      #expect(Property.singleBytes.violation { _ in } == "singleBytes: compared 0 cases, not 256")
      #expect(Property.singleBytes.violation { try $0.compare("nothing") { _ in 1 } } == nil)
    }

    @Test("A difference is reported with the command that repeats it") func repetition() throws {
      let report = try #require(Property.singleBytes.violation { try $0.compare("the name") { $0.name } })
      #expect(report.hasPrefix("singleBytes, case 0: c and swift differ on the name: c gives c, swift gives swift. "))
      let test = "EngineTests.Engines/PropertyTestingTests/repetition"
      #expect(report.hasSuffix("Repeat with: DIPTYCH_SEED=\(Seed.value) swift test --filter \(test)"))
    }

    @Test("An unexpected value is reported") func unexpectedValue() throws {
      let report = try #require(Property.singleBytes.violation { try $0.compare("nothing", expected: 2) { _ in 1 } })
      #expect(report.contains("c and swift give 1 for nothing, not 2"))
    }

    @Test("The same seed gives the same numbers") func sameSeed() {
      var (one, extra) = (SplitMix64(seed: 1_234_567), SplitMix64(seed: 1_234_567))
      #expect((0..<100).allSatisfy { _ in one.next() == extra.next() })
      // The first numbers of the reference implementation.
      var reference = SplitMix64(seed: 1_234_567)
      #expect(reference.next() == 6_457_827_717_110_365_317)
      #expect(reference.next() == 3_203_168_211_198_807_973)
    }
  }
}
