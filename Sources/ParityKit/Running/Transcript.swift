/// What one run of one program under one scenario came to.
public struct Transcript: Hashable, Sendable {
  public internal(set) var connections: [Connection] = []
  /// What was printed on standard output, of all the times that the program was started.
  public internal(set) var output: [UInt8] = []
  public internal(set) var error: [UInt8] = []
  /// One for each time that the program was started.
  public internal(set) var exits: [Exit] = []
  /// What is left in the folder, processes, and descriptors; sorted.
  public internal(set) var leftovers: [String] = []
  /// System-wide objects that appeared during the run, be it by this program or another.
  public internal(set) var sharedObjects: Set<String> = []
  public internal(set) var cost = ResourceUsage()
  /// Of a run under strace: its calls by what they were about, and why they tell nothing.
  var calls: [Observation] = []
  var callTrouble: String?
  /// Why there is nothing to compare: the program did not start.
  public internal(set) var trouble: String?
  /// The step at which the time was over.
  public internal(set) var hang: String?
}

/// One connection of one peer, as the peer sees it.
public struct Connection: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case connected
    case refused(String)
    /// No connection came, or connecting had not ended at the deadline.
    case absent
    case sent(String)
    /// The program did not take all that was sent.
    case notAllTaken
    case received([UInt8])
    /// Nothing came while the program rested.
    case silence
    case halfClosed, closed
    /// The peer closed so that the program sees a reset.
    case didReset
    /// How the program ended the connection.
    case end, reset
    /// Neither came, nor what was waited for, while the program rested for as long as the step says.
    case stillOpen
    /// The same, until the run's time was over.
    case late
    /// More came than is kept.
    case endless
  }

  /// The peer's name; from its second connection on with a number.
  public let name: String
  public internal(set) var events: [Event]
}
