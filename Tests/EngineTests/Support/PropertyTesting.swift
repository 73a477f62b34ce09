// Chance that can be repeated.
internal import IPC
internal import Testing

/// Steele, Lea and Flood: Fast splittable pseudorandom number generators (OOPSLA 2014).
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

enum Seed {
  /// `DIPTYCH_SEED`, or another one each time; printed once.
  static let value: UInt64 = {
    let given = Kernel.environment("DIPTYCH_SEED").flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64.max)
    print("DIPTYCH_SEED=\(seed)")
    return seed
  }()

  /// How many times as many cases to try: `DIPTYCH_CASES`.
  static let factor = max(1, Kernel.environment("DIPTYCH_CASES").flatMap { Int($0) } ?? 1)

  /// A stream of its own for each case, so that a case does not depend on the ones before it.
  static func generator(for property: Property, _ index: Int) -> SplitMix64 {
    let name = property.rawValue.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return SplitMix64(seed: value ^ name &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03)
  }
}

/// What holds whatever the input, and how many inputs a plain run tries.
enum Property: String, CaseIterable {
  case validEndpoints, garbageEndpoints, mutatedEndpoints, hostsAndPorts
  case errorTexts, singleBytes, bytePairs, randomBytes, randomUTF8
  case messageFraming, turns, chargenStream
  case ringSteps, ringScribbles, objectScribbles
  case echoSplits, relaySplits, linkSplits

  var planned: Int {
    switch self {
    case .validEndpoints, .garbageEndpoints, .hostsAndPorts: 8_000 * Seed.factor
    case .mutatedEndpoints: 16_000 * Seed.factor
    case .errorTexts: 30_200
    case .singleBytes: 256
    case .bytePairs: 65_536
    case .randomBytes, .randomUTF8: 6_000 * Seed.factor
    case .messageFraming, .turns: 6_000 * Seed.factor
    case .chargenStream: 300 * Seed.factor
    case .ringSteps: 2_000 * Seed.factor
    case .ringScribbles: 60 * Seed.factor
    case .objectScribbles: 10 * Seed.factor
    case .echoSplits, .relaySplits, .linkSplits: 24 * Seed.factor
    }
  }

  /// Tries the planned number of inputs; `body` makes one comparison.
  func check(sourceLocation: SourceLocation = #_sourceLocation, _ body: (inout Trial) throws -> Void) {
    let trouble = trouble(body)
    #expect(trouble == nil, sourceLocation: sourceLocation)
  }

  /// The first input that fails, and how to try it again; or what is wrong with the count.
  func trouble(_ body: (inout Trial) throws -> Void) -> String? {
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

/// One input, and both engines' answers to it.
struct Trial {
  let index: Int
  var random: SplitMix64
  fileprivate(set) var compared = 0

  /// Gives the same to both engines, and throws where they differ or the answer is not `expected`.
  mutating func compare<Value: Equatable>(
    _ input: @autoclosure () -> String, expected: Value? = nil, _ body: (any Engine.Type) throws -> Value
  ) throws {
    let (c, swift) = (try body(Which.c.engine), try body(Which.swift.engine))
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
