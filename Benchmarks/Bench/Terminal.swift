import Foundation
import Subprocess

/// Reads and writes text.
enum Terminal {
  /// Progress goes to standard error: standard output is for the tables.
  static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  static func contents(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  struct NoMarkers: Error, CustomStringConvertible {
    let description: String
  }

  static func replace(in path: String, between first: String, and last: String, with text: String) throws {
    let page = try contents(of: path)
    guard let start = page.range(of: first), let end = page.range(of: last), start.upperBound <= end.lowerBound else {
      throw NoMarkers(description: "\(path) lacks \(first) or \(last)")
    }
    let new = page[..<start.upperBound] + "\n" + text + "\n" + page[end.lowerBound...]
    try Data(new.utf8).write(to: URL(filePath: path))
  }
}
