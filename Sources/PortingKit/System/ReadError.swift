/// Why a file can't be read: the file, and what is wrong with it.
public struct ReadError: Error, Equatable, CustomStringConvertible {
  public let file: String
  public let why: String

  init(_ file: String, _ why: String) {
    self.file = file
    self.why = why
  }

  public var description: String { "\(file): \(why)" }
}
