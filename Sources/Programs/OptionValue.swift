internal import ArgumentParser
internal import IPC

/// A group of users, and how the user wrote it.
struct Group: Equatable, Sendable {
  let text: String
  let number: UInt32
}

/// Returns the name of the first option that was given, or nil.
func firstGiven(_ options: KeyValuePairs<String, Bool>) -> String? { options.first(where: \.value)?.key }

/// Parses the values of options. Each error says what is allowed.
enum OptionValue {
  static func number(_ text: String, in range: ClosedRange<Int>) throws -> Int {
    guard isDecimal(text), let number = Int(text), range.contains(number) else {
      throw ValidationError("it must be a decimal number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Whether the text has digits only. `Int` would accept a sign, and `Double` hexadecimal digits and an exponent.
  private static func isDecimal(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// The mode of a file, such as 660 or 0660.
  static func mode(_ text: String) throws -> UInt32 {
    guard isDecimal(text), let mode = UInt32(text, radix: 8), mode <= 0o777, mode & 0o600 == 0o600 else {
      throw ValidationError(
        "it must be an octal number from 600 to 777 that lets the owner read and write, such as 660")
    }
    return mode
  }

  /// A group by its number or its name.
  static func group(_ text: String) throws -> Group {
    // The greatest number means to lchown(2) that the group stays.
    if isDecimal(text), let number = UInt32(text), number < .max { return Group(text: text, number: number) }
    guard let number = ProcessEnvironment.group(named: text) else {
      throw ValidationError("it must be the name or the number of a group")
    }
    return Group(text: text, number: number)
  }

  /// A time from a millisecond to a day.
  static func seconds(_ text: String) throws -> Duration {
    guard let time = time(text), (.milliseconds(1)...).contains(time) else {
      throw ValidationError("it must be a decimal number of seconds from 0.001 to 86400")
    }
    return time
  }

  /// No time, or one from a millisecond to a day.
  static func secondsOrZero(_ text: String) throws -> Duration {
    guard let time = time(text), time == .zero || time >= .milliseconds(1) else {
      throw ValidationError("it must be 0, or a decimal number of seconds from 0.001 to 86400")
    }
    return time
  }

  /// A time of at most a day.
  private static func time(_ text: String) -> Duration? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy(isDecimal), let seconds = Double(text), seconds <= 86_400 else { return nil }
    return .seconds(seconds)
  }

  static func powerOfTwo(_ text: String, in range: ClosedRange<Int>) throws -> Int {
    guard isDecimal(text), let number = Int(text), range.contains(number), number & (number - 1) == 0 else {
      throw ValidationError("it must be a power of two from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Rejects bytes that are not UTF-8. Swift replaces them with U+FFFD, so the program would use another file or
  /// address than the user meant.
  static func utf8(_ text: String) throws -> String {
    guard !text.unicodeScalars.contains("\u{FFFD}") else { throw ValidationError("it must be UTF-8") }
    return text
  }
}
