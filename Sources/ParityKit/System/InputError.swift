/// Why an input file is invalid: where, what is wrong, and what is allowed.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let line: Int?
  public let what: String
  public let allowed: [String]

  public var description: String {
    let location = line.map { "\(file):\($0)" } ?? file
    return "\(location): \(what)" + (allowed.isEmpty ? "" : "; allowed: \(allowed.joined(separator: ", "))")
  }
}
