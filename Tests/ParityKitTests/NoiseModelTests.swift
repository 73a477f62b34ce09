import Testing

@testable import ParityKit

/// The noise model as a function of the runs of both sides, without programs.
struct NoiseModelTests {
  /// Text that a program prints in one run. It depends on the run's number and on random numbers.
  typealias Side = @Sendable (inout SeededRandom, Int) -> String
  /// The same, without the number.
  typealias Text = @Sendable (inout SeededRandom) -> String

  enum Answer { case same, different, varies }

  /// Judges as a comparison does: with as many runs as are needed.
  static func judge(_ left: Side, _ right: Side, seed: Int) -> NoiseModel {
    var random = SeededRandom(seed: seed, number: 1)
    var sides: (left: [[Observation.Fragment]], right: [[Observation.Fragment]]) = ([], [])
    for count in [2, Limits.confirmingRuns, Limits.maximumRuns] {
      for run in sides.left.count..<count {
        sides.left.append([.bytes(Array(left(&random, run).utf8))])
        sides.right.append([.bytes(Array(right(&random, run).utf8))])
      }
      let model = NoiseModel(left: sides.left, right: sides.right)
      if model.isSettled || count == Limits.maximumRuns { return model }
    }
    preconditionFailure("the last number of runs is the maximum")
  }

  // MARK: The table

  static let rows = falselySame + falselyDifferent + others

  /// Differences that noise could hide.
  private static let falselySame = [
    differ("text beside noise", { "redir[\(pid(&$0))]: ready\n" }) { random in
      "FATAL at \(random.digits(9)) disk full, socat[\(pid(&random))]: ready\n"
    },
    differ("a word between two numbers", { "\($0.digits(5)) ok \($0.digits(5))\n" }) { random in
      "\(random.digits(5)) no \(random.digits(5))\n"
    },
    differ("a word in line 390 of 400", { lines(&$0, 400) }) { random in
      lines(&random, 400, 390, "CORRUPT")
    },
    differ("a word in line 1,600", { lines(&$0, 1_601) }) { random in
      lines(&random, 1_601, 1_600, "CORRUPT")
    },
    differ("a line that is missing", { lines(&$0, 300) }) { random in lines(&random, 299) },
    differ("capitals in hexadecimal numbers", { $0.hex(16) + "\n" }) { random in
      random.hex(16).uppercased() + "\n"
    },
    differ("64 or 80 digits", { $0.digits(64) + "\n" }) { random in random.digits(80) + "\n" },
    differ("Z or z after a time", { "12:00:00.\($0.digits(6))Z\n" }) { random in
      "12:00:00.\(random.digits(6))z\n"
    },
    differ("a digit amid random ones", { $0.hex(8) + "4" + $0.hex(8) }) { random in
      random.hex(8) + "7" + random.hex(8)
    },
    differ("a digit that is fixed on one side", { $0.hex(8) + "4" + $0.hex(8) }) { random in
      random.hex(17)
    },
    differ("digits or hexadecimal digits", { $0.digits(8) }) { random in random.hex(8) },
    differ("a prefix of a number", { "id-a\($0.hex(6))" }) { random in "id-b\(random.hex(6))" },
    differ("a fixed number", { "pid \(pid(&$0)) ready\n" }) { _ in "pid 77 ready\n" },
    differ("lines after noise of any length", { String(repeating: "x", count: $0.below(9)) + "\nend\n" }) {
      random in String(repeating: "x", count: random.below(9)) + "\nEND\n"
    },
    differ("an additional line beside a number", { "start \(pid(&$0))\n" }) { random in
      "start \(pid(&random))\nwarning: slow\n"
    },
    differ("a warning in most runs", { ($0.happens(95) ? "warning\n" : "") + "ok\n" }) { random in
      (random.happens(3) ? "warning\n" : "") + "ok\n"
    },
    differ("a much longer number", { $0.digits(1 + $0.below(3)) }) { random in
      random.digits(20 + random.below(5))
    },
    differ("a fixed text", { _ in "a\n" }) { _ in "b\n" },
  ]

  /// Noise that could look like a difference.
  private static let falselyDifferent = [
    Row("a second that only the left crosses", .same, { _, run in "Date: 08:35:0\(run == 1 ? 8 : 7)\n" }) { _, run in
      "Date: 08:35:0\(run > 1 ? 8 : 7)\n"
    },
    Row("a clock", .same, { _, run in "08:35:\(10 + run / 3)\n" }) { _, run in "08:35:\(10 + (run + 1) / 3)\n" },
    same("a warning in one of five runs") { ($0.happens(20) ? "warning: slow\n" : "") + "ok\n" },
    same("a fault in one of fifty runs") { $0.happens(2) ? "fault\n" : "ok\n" },
    same("one of two answers") { $0.happens(50) ? "a\n" : "b\n" },
    same("two lines in any order") { $0.happens(50) ? "a\nb\n" : "b\na\n" },
    same("a process ID") { "pid \(pid(&$0)) ready\n" },
    same("a number of any length") { "took \($0.below(1_600)) µs\n" },
    same("a hexadecimal number of any length") { "at 0x\($0.hex(1 + $0.below(12)))\n" },
    same("random words") { $0.pick(["alpha", "beta", "gamma", "delta", "epsilon"]) + "\n" },
    same("random capitals") { $0.letters(20) + "\n" },
    same("400 lines of random numbers") { lines(&$0, 400) },
    same("random lines in a random number") { lines(&$0, 10 + $0.below(10)) },
    same("a UUID") { "\($0.hex(8))-\($0.hex(4))-4\($0.hex(3))-\($0.hex(4))-\($0.hex(12))\n" },
    same("a log with times and processes") {
      "[2026-11-28 08:35:07,\($0.digits(3))] [\(pid(&$0))] [INFO] started\n[\(pid(&$0))] worker \($0.hex(4))\n"
    },
  ]

  private static let others = [
    Row("an answer of one run of the right", .varies, { _, _ in "a\n" }, { _, run in run == 1 ? "b\n" : "a\n" }),
    Row("a number in five runs of the left", .varies, { _, run in "\(run % 3 == 1 ? 7 : 0)\n" }, { _, _ in "0\n" }),
    same("nothing") { _ in "" },
    same("a fixed text") { _ in "the same\n" },
    same("random bytes") { random in
      String((0..<32).map { _ in Character(Unicode.Scalar(UInt8(random.below(128)))) }) + "\n"
    },
  ]

  private static func differ(_ name: String, _ left: @escaping Text, _ right: @escaping Text) -> Row {
    Row(name, .different, { random, _ in left(&random) }, { random, _ in right(&random) })
  }

  private static func same(_ name: String, _ side: @escaping Text) -> Row {
    Row("\(name), on both sides", .same, { random, _ in side(&random) }, { random, _ in side(&random) })
  }

  private static func pid(_ random: inout SeededRandom) -> Int { random.within(900...40_000) }

  private static func lines(
    _ random: inout SeededRandom, _ count: Int, _ bad: Int = -1, _ word: String = "ok"
  ) -> String {
    (0..<count).map { "\($0) \(random.digits(6)) \($0 == bad ? word : "ok")\n" }.joined()
  }

  @Test("Noise is masked, and a difference is reported", arguments: rows)
  func table(row: Row) {
    for seed in 1...2 {
      let model = Self.judge(row.left, row.right, seed: seed)
      let differs = model.places.contains { $0.gap.kind == .difference }
      let varies = model.places.contains { $0.gap.kind == .varies }
      #expect(differs == (row.answer == .different), "seed \(seed): \(Self.summary(model))")
      #expect(varies == (row.answer == .varies), "seed \(seed): \(Self.summary(model))")
      #expect(model.unjudged == nil)
    }
  }

  /// A line of words, numbers and separators; noise of a random shape, or fixed text.
  private enum Part: Sendable {
    case fixed(String), digits(Int), hex(Int), letters(Int), number, choice([String])

    init(_ random: inout SeededRandom) {
      switch random.below(7) {
      case 0: self = .digits(random.within(3...20))
      case 1: self = .hex(random.within(3...40))
      case 2: self = .letters(random.within(4...30))
      case 3: self = .number
      case 4: self = .choice((0...random.within(1...3)).map { _ in random.letters(5) })
      default: self = .fixed(random.letters(random.within(1...10)))
      }
    }

    func text(_ random: inout SeededRandom) -> String {
      switch self {
      case .fixed(let text): text
      case .digits(let count): random.digits(count)
      case .hex(let count): random.hex(count)
      case .letters(let count): random.letters(count)
      case .number: String(random.below(1_000_000))
      case .choice(let words): random.pick(words)
      }
    }
  }

  @Test("Noise of random shapes is the same on both sides, and a planted difference is found anywhere in it")
  func randomShapes() {
    for seed in 1...20 {
      var random = SeededRandom(seed: seed, number: 0)
      let lines = (0..<random.within(1...12)).map { _ in
        (0..<random.within(1...8)).map { _ in (Part(&random), random.pick([" ", "-", ":", "[", ", "])) }
      }
      let (line, place) = (random.below(lines.count), random.below(8))
      @Sendable func text(_ random: inout SeededRandom, _ planted: String) -> String {
        lines.enumerated().map { number, parts in
          parts.enumerated().map { index, part in
            (number == line && index == place % parts.count ? planted : "") + part.0.text(&random) + part.1
          }.joined() + "\n"
        }.joined()
      }
      let same = Self.judge({ random, _ in text(&random, "") }, { random, _ in text(&random, "") }, seed: seed)
      #expect(same.places.allSatisfy { $0.gap.kind == .noise }, "DIPTYCH_SEED=\(seed): \(Self.summary(same))")
      let other = Self.judge({ random, _ in text(&random, "#1") }, { random, _ in text(&random, "#2") }, seed: seed)
      #expect(other.places.contains { $0.gap.kind == .difference }, "DIPTYCH_SEED=\(seed): \(Self.summary(other))")
    }
  }

  private static func summary(_ model: NoiseModel) -> String {
    let texts = model.places.map { place in
      let around = model.surroundings(of: place)
      return "\(around.before)[\(place.gap.kind) \(around.name) \(place.gap.frequency ?? "")]"
    }
    return texts.joined(separator: "\n")
  }
}

extension NoiseModelTests {
  /// A pair of programs, and the right answer.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: Answer
    let left: Side
    let right: Side

    init(_ name: String, _ answer: Answer, _ left: @escaping Side, _ right: @escaping Side) {
      (testDescription, self.answer, self.left, self.right) = (name, answer, left, right)
    }
  }
}

extension SeededRandom {
  fileprivate mutating func text(_ count: Int, of characters: String) -> String {
    let all = Array(characters)
    return String((0..<count).map { _ in pick(all) })
  }

  fileprivate mutating func digits(_ count: Int) -> String { text(count, of: "0123456789") }
  fileprivate mutating func hex(_ count: Int) -> String { text(count, of: "0123456789abcdef") }
  fileprivate mutating func letters(_ count: Int) -> String { text(count, of: "abcdefABCDEFxyzXYZ") }
}
