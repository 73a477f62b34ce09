// The property tests' own honesty.
internal import IPC
internal import Testing

extension Engines {
  @Suite struct SeedTests {
    @Test func plainRunsTryEnough() {
      let planned = Property.allCases.map { $0.planned }
      #expect(planned.allSatisfy { $0 > 0 })
      #expect(planned.reduce(0, +) >= 60_000)
      // Not by the exhaustive ones alone.
      #expect(planned.reduce(0, +) - Property.bytePairs.planned - Property.errorTexts.planned >= 50_000)
    }

    @Test func aPropertyThatComparesNothingFails() {
      #expect(Property.singleBytes.trouble { _ in } == "singleBytes: compared 0 cases, not 256")
      #expect(Property.singleBytes.trouble { try $0.compare("nothing") { _ in 1 } } == nil)
    }

    @Test func aDifferenceTellsHowToRepeatIt() throws {
      let told = try #require(Property.singleBytes.trouble { try $0.compare("the name") { $0.name } })
      #expect(told.hasPrefix("singleBytes, case 0: c and swift differ on the name: c gives c, swift gives swift. "))
      let test = "EngineTests.Engines/SeedTests/aDifferenceTellsHowToRepeatIt"
      #expect(told.hasSuffix("Repeat with: DIPTYCH_SEED=\(Seed.value) swift test --filter \(test)"))
    }

    @Test func anUnexpectedAnswerIsTold() throws {
      let told = try #require(Property.singleBytes.trouble { try $0.compare("nothing", expected: 2) { _ in 1 } })
      #expect(told.contains("c and swift give 1 for nothing, not 2"))
    }

    @Test func aSeedRepeatsItself() {
      var (one, extra) = (SplitMix64(seed: 1234567), SplitMix64(seed: 1234567))
      #expect((0..<100).allSatisfy { _ in one.next() == extra.next() })
      // The reference implementation's first numbers.
      var reference = SplitMix64(seed: 1_234_567)
      #expect(reference.next() == 6_457_827_717_110_365_317)
      #expect(reference.next() == 3_203_168_211_198_807_973)
    }
  }
}
