internal import Dispatch
internal import Synchronization

/// A regular expression that is searched in bytes. It sees each byte as the character of its number, so bytes above 127
/// are written as `\x{E9}`.
struct BytePattern: Hashable, Sendable {
  let text: String

  /// A match, as offsets in the bytes.
  struct Match: Hashable, Sendable {
    let end: Int
    /// The group's range; nil if the group took no part.
    let group: Range<Int>?
  }

  /// A search that tries too many ways.
  struct TooSlow: Error {}

  /// Why the text can't be used; nil if it can. A capture has one group. Other patterns must not match the empty text,
  /// which has always arrived.
  static func problem(_ text: String, isCapture: Bool) -> String? {
    guard let regex = try? Regex(text) else { return "\"\(text)\" is not a regular expression" }
    if !isCapture {
      return (try? regex.prefixMatch(in: "")) == nil ? nil : "\"\(text)\" matches the empty text"
    }
    // The added alternative matches, and has an output for the whole and for each group.
    let outputs = (try? Regex("(?:\(text))|").wholeMatch(in: ""))?.output.count
    return outputs == 2 ? nil : "\"\(text)\" must have one group, which is captured"
  }

  /// Searches the first bytes in a thread of its own: nothing else can bound the time, since nothing can end a search.
  func firstMatch(in bytes: [UInt8]) throws(TooSlow) -> Match? {
    if Self.slow.withLock({ $0.contains(self.text) }) { throw TooSlow() }
    let (text, bytes) = (text, bytes.prefix(Limits.searched))
    let found = Found()
    System.startThread {
      found.match.withLock { $0 = Self.search(text, bytes) }
      found.done.signal()
    }
    guard found.done.wait(timeout: .now() + .milliseconds(Int(Limits.search / .milliseconds(1)))) == .success else {
      // The lost thread ends with the process. The pattern is not searched again, so few threads are lost.
      Self.slow.withLock { _ = $0.insert(text) }
      throw TooSlow()
    }
    return found.match.withLock { $0 }
  }

  private final class Found: Sendable {
    let match = Mutex<Match?>(nil)
    let done = DispatchSemaphore(value: 0)
  }

  private static let slow = Mutex<Set<String>>([])

  private static func search(_ text: String, _ bytes: ArraySlice<UInt8>) -> Match? {
    guard let regex = try? Regex(text).matchingSemantics(.unicodeScalar) else { return nil }
    var subject = ""
    for byte in bytes { subject.unicodeScalars.append(Unicode.Scalar(byte)) }
    guard let match = subject.firstMatch(of: regex) else { return nil }
    func offset(_ index: String.Index) -> Int {
      subject.unicodeScalars.distance(from: subject.startIndex, to: index)
    }
    let group = match.output.count > 1 ? match.output[1].range : nil
    return Match(
      end: offset(match.range.upperBound), group: group.map { offset($0.lowerBound)..<offset($0.upperBound) })
  }
}
