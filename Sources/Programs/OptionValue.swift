internal import ArgumentParser
internal import IPC

/// Parses the values of options. Each error says what is allowed.
enum OptionValue {
  static func number(_ text: String, in range: ClosedRange<Int>) throws -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw ValidationError("it must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A time from a millisecond to a day.
  static func seconds(_ text: String) throws -> Duration {
    guard let seconds = Double(text), (0.001...86_400).contains(seconds) else {
      throw ValidationError("it must be a number of seconds from 0.001 to 86400")
    }
    return .seconds(seconds)
  }

  static func powerOfTwo(_ text: String, in range: ClosedRange<Int>) throws -> Int {
    guard let number = Int(text), range.contains(number), number & (number - 1) == 0 else {
      throw ValidationError("it must be a power of two from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Rejects bytes that are not UTF-8. Swift replaces them with U+FFFD, so the program would use another file or address
  /// than the user meant.
  static func utf8(_ text: String) throws -> String {
    guard !text.unicodeScalars.contains("\u{FFFD}") else { throw ValidationError("it must be UTF-8") }
    return text
  }
}
