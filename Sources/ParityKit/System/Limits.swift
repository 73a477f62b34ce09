/// Every limit of the judge, by name.
public enum Limits {
  /// Bytes of a connection that are read and kept; then its peer stops reading.
  public static let received = 16 << 20
  /// Bytes of each of standard output and standard error that are kept; the rest is read, counted and dropped.
  public static let output = 16 << 20
  /// Bytes of what strace tells of a run; the rest is read and dropped.
  static let calls = 16 << 20
  /// Bytes that pass one way through a descriptor; beyond, how they are cut is up to the kernel and the time.
  static let bulk = 16 << 10
  /// Bytes of a payload.
  public static let payload = 64 << 20
  /// Repetitions of a payload or of steps.
  public static let times = 1 << 24
  /// Steps of a scenario, repetitions counted.
  public static let steps = 10_000
  /// Connections that may wait for a peer that accepts.
  public static let backlog = 16
  /// What is read at once.
  static let chunk = 1 << 16
  /// Milliseconds between two snapshots of a program's activity: it is idle when they are equal.
  static let snapshotInterval = 10
  /// Milliseconds between two checks of a condition that only the loop changes.
  static let pollInterval = 250
  /// Bytes of standard error that the report quotes when a server ends before it is ready.
  static let quotedError = 200
  /// How old what is known of our children may be: less than lies between two looks.
  static let recent = Duration.milliseconds(5)
  /// After the last step, so long a rest ends a run.
  static let finalRest = 30
  /// A program that rests for so many milliseconds while it could read what was sent is not going to.
  static let stuck = 200
  /// Bytes of output in which ports and folders get names.
  static let named = 1 << 18
  /// Milliseconds that one step may take, unless it says.
  public static let timeout = 10_000
  /// How long settling may take before it is given up: a program with a timer never rests.
  static let settling = Duration.seconds(2)
  /// How long the processes of a run may take to be gone once they are killed.
  static let reaping = Duration.seconds(10)
  /// How often a program is started again where somebody else took its port.
  static let ports = 5
  /// Bytes and characters of context in a report.
  static let context = 60
  /// Characters of a difference that a terminal shows.
  static let shown = 80
  /// Bytes of each piece of a transcript that a report keeps.
  static let kept = 4096
  /// Rows of two lists that a page sets side by side, from where they part; and of those that both have, how many it
  /// shows beside one that parts.
  static let rows = 200
  static let besides = 3
  /// Bytes of one thing that was sent or printed, and connections of one scenario that are the same on both sides,
  /// that a page shows.
  static let excerpt = 400
  static let conversations = 4
  /// Values of what varies from run to run that a page shows.
  static let values = 4
  /// A client and a server that both rest for so many milliseconds are not going to end; and so long a server is given to
  /// end after its client.
  static let pairRest = 1500
  static let parting = 700
  /// Bytes that clients send while a session is recorded, and clients that are served at a time.
  static let recorded = 8 << 20
  static let recordedAtATime = 256
  /// Milliseconds that a server may rest in a recorded session before what did not come is given up.
  static let replayRest = 1000
  /// Tokens of one run that are aligned; beyond, the rest is one token.
  static let tokens = 1_500
  /// Lists and objects within one another in a report that is read.
  static let depth = 64
  /// How often the runs are made again where the first ones differ, to tell a difference from noise.
  static let confirmations = 3

  // MARK: Fuzzing

  /// Scenarios of a fuzz run, unless it says.
  public static let fuzzRuns = 1_000
  /// Scenarios that differ before a fuzz run ends, unless it says.
  public static let fuzzFailures = 5
  /// Looks at a smaller scenario while it is sought.
  public static let shrinkTrials = 400
  /// Bytes of a payload that is made up, and of one that is to pass through a small window.
  static let fuzzed = 65_537
  static let fuzzedNarrow = 4_097
  /// Milliseconds that the program rests before what is waited for is given up in a scenario that is made up: so little
  /// because expected waits come often, and because rest is looked for, not hoped for.
  static let fuzzedWithin = 30
  static let fuzzedExit = 50
  /// How often what differs is looked at anew before it is believed.
  static let fuzzJudgements = 2
  /// How long a line of progress stands at least, and how many characters its bar has.
  static let progress = Duration.milliseconds(100)
  static let bar = 24
  /// How long one step may take while a smaller scenario is sought.
  static let shrinkTimeout = Duration.seconds(2)
  /// How often a smaller scenario must differ.
  static let shrinkLooks = 2
}
