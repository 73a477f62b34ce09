// Random tests that a seed repeats.
internal import Crowd
internal import IPC
internal import Testing

enum Seed {
  /// `DIPTYCH_SEED`, or a random number. It is printed once.
  static let value: UInt64 = {
    let given = TestSystem.environment("DIPTYCH_SEED").flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("DIPTYCH_SEED=\(seed)")
    return seed
  }()

  /// `DIPTYCH_CASES`: multiplies the number of cases.
  static let factor = max(1, TestSystem.environment("DIPTYCH_CASES").flatMap { Int($0) } ?? 1)

  /// Each case has its own generator, so that a case does not depend on the cases before it.
  static func generator(for property: Property, _ index: Int) -> SplitMix64 {
    let name = property.rawValue.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return SplitMix64(seed: value ^ name &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03)
  }
}

/// A property that both engines have for every input.
enum Property: String, CaseIterable {
  case validEndpoints, garbageEndpoints, mutatedEndpoints, hostsAndPorts
  case errorTexts, singleBytes, bytePairs, randomBytes, randomUTF8
  case messageFraming, serviceSteps, chargenStream
  case ringSteps, ringCorruption, objectCorruption
  case echoSplits, relaySplits, linkSplits

  /// The number of inputs that a run tries.
  var planned: Int {
    switch self {
    case .validEndpoints, .garbageEndpoints, .hostsAndPorts: 8_000 * Seed.factor
    case .mutatedEndpoints: 16_000 * Seed.factor
    case .errorTexts: 30_200
    case .singleBytes: 256
    case .bytePairs: 65_536
    case .randomBytes, .randomUTF8: 6_000 * Seed.factor
    case .messageFraming, .serviceSteps: 6_000 * Seed.factor
    case .chargenStream: 300 * Seed.factor
    case .ringSteps: 2_000 * Seed.factor
    case .ringCorruption: 60 * Seed.factor
    case .objectCorruption: 10 * Seed.factor
    case .echoSplits, .relaySplits, .linkSplits: 24 * Seed.factor
    }
  }

  /// Tries the planned number of inputs.
  ///
  /// - Parameter body: Makes one comparison of its trial.
  func check(sourceLocation: SourceLocation = #_sourceLocation, _ body: (inout Trial) throws -> Void) {
    let violation = violation(body)
    #expect(violation == nil, sourceLocation: sourceLocation)
  }

  /// The first input that fails and the command that repeats it, or a wrong number of comparisons; nil if the property holds.
  func violation(_ body: (inout Trial) throws -> Void) -> String? {
    var cases = 0
    for index in 0..<planned {
      var trial = Trial(index: index, random: Seed.generator(for: self, index))
      do {
        try body(&trial)
      } catch {
        return "\(rawValue), case \(index): \(error). \(repetition)"
      }
      cases += trial.compared
    }
    return cases == planned && cases > 0 ? nil : "\(rawValue): compared \(cases) cases, not \(planned)"
  }

  private var repetition: String {
    let path = Test.current.map { String(describing: $0.id) }?.split(separator: "(").first ?? "EngineTests"
    return "Repeat with: DIPTYCH_SEED=\(Seed.value) swift test --filter \(path)"
  }
}

/// One input, with its generator and the count of its comparisons.
struct Trial {
  let index: Int
  var random: SplitMix64
  fileprivate(set) var compared = 0

  /// Runs the body on both engines, and throws if their values differ or are not `expected`.
  mutating func compare<Value: Equatable>(
    _ input: @autoclosure () -> String, expected: Value? = nil, _ body: (any Engine.Type) throws -> Value
  ) throws {
    let (c, swift) = (try body(EngineName.c.engine), try body(EngineName.swift.engine))
    compared += 1
    guard c == swift else {
      throw Counterexample("c and swift differ on \(input()): c gives \(short(c)), swift gives \(short(swift))")
    }
    if let expected, swift != expected {
      throw Counterexample("c and swift give \(short(swift)) for \(input()), not \(short(expected))")
    }
  }
}

private func short(_ value: some Any) -> Substring { "\(value)".prefix(1000) }

struct Counterexample: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
