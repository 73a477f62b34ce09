/// A time in UTC, as in RFC 3339.
enum Timestamp {
  /// - Parameter seconds: The seconds since 1970, without leap seconds.
  static func text(_ seconds: Int) -> String {
    let (days, rest) = (seconds / 86_400, seconds % 86_400)
    // The calendar repeats every 400 years, which have 146,097 days. A year begins in March here, so that the leap day
    // is its last day.
    let shifted = days + 719_468
    let (era, day) = (shifted / 146_097, shifted % 146_097)
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let (realMonth, realYear) = (month < 10 ? month + 3 : month - 9, era * 400 + year + (month < 10 ? 0 : 1))
    let date = [realYear, realMonth, dayOfMonth].map(twoDigits).joined(separator: "-")
    return date + "T" + [rest / 3_600, rest / 60 % 60, rest % 60].map(twoDigits).joined(separator: ":") + "Z"
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
