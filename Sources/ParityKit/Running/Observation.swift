/// What a channel observed, in an order that can be aligned with another run.
struct Observation: Hashable {
  enum Fragment: Hashable {
    case bytes([UInt8])
    /// An event. `isLate` marks an event that means that the time was over. It is not compared: the same text is the
    /// same.
    case mark(String, isLate: Bool = false)

    static func == (first: Fragment, second: Fragment) -> Bool {
      switch (first, second) {
      case (.bytes(let first), .bytes(let second)): System.areEqual(first, second)
      case (.mark(let first, _), .mark(let second, _)): first == second
      default: false
      }
    }

    func hash(into hasher: inout Hasher) {
      switch self {
      case .bytes(let bytes): hasher.combine(bytes)
      case .mark(let text, _): hasher.combine(text)
      }
    }
  }

  /// The name within the channel, such as a connection or standard error.
  let name: String
  var fragments: [Fragment]
}
