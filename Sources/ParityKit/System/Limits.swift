/// The limits of the judge.
public enum Limits {
  /// Maximum bytes of a connection that a peer reads and keeps; then it stops reading.
  public static let received = 16 << 20
  /// Maximum bytes of standard output, and of standard error, that are kept; further bytes are counted and dropped.
  public static let output = 16 << 20
  /// Maximum bytes of strace's log of a run; further bytes are dropped.
  static let calls = 16 << 20
  /// Bytes of one direction of a descriptor for which the sizes of single calls are compared; beyond, they depend on
  /// the kernel and on timing.
  static let bulk = 16 << 10
  /// Maximum bytes of a payload.
  public static let payload = 64 << 20
  /// Maximum repetitions of a payload or of steps.
  public static let times = 1 << 24
  /// Maximum steps of a scenario, including repetitions.
  public static let steps = 10_000
  /// The backlog of a peer that listens.
  public static let backlog = 16
  /// Bytes in which a regular expression is searched, and the maximum time of a search.
  static let searched = 1 << 16
  static let search = Duration.seconds(1)
  /// Maximum values that one step captures.
  static let captures = 16
  /// Characters of a part of a captured value that is recognized as such.
  static let capturedPart = 4
  /// Maximum bytes of a file that a run gets, and the number of files.
  public static let file = 4 << 20
  public static let files = 64
  /// Maximum bytes of one read.
  static let chunk = 1 << 16
  /// Milliseconds between two snapshots of a program's activity: it is idle when they are equal.
  static let snapshotInterval = 10
  /// Minimum time between two looks at the peak memory of a program that moves bytes.
  static let memoryInterval = Duration.milliseconds(2)
  /// How long a program that wakes by a timer must move nothing to be idle; and the part of that time, as a divisor,
  /// that it may use the processor.
  static let wakes = Duration.milliseconds(60)
  static let quietShare = 10
  /// Processor time, besides the time of the step, after which a program that moves nothing is not awaited any longer.
  static let burning = Duration.milliseconds(300)
  /// How many times slower a program is under strace.
  static let straceSlowness = 10
  /// Milliseconds between two checks of a condition that only the loop changes.
  static let pollInterval = 250
  /// Bytes of standard error that the report quotes when a server ends before it is ready.
  static let quotedError = 200
  /// Maximum age of the cached list of child processes; shorter than the time between two snapshots.
  static let recent = Duration.milliseconds(5)
  /// Milliseconds of idleness after the last step that end a run.
  static let finalRest = 30
  /// Milliseconds of idleness after which a program that could read is assumed not to.
  static let stuck = 200
  /// How many times as much of a cost is a difference if no limit is given.
  static let costRatio = 50.0
  /// Milliseconds, and the ratio, from which on a later answer, end or exit is noted if no limit is given.
  public static let latency = 100
  static let latencyRatio = 2
  /// Milliseconds of idleness after which a proxy is assumed not to connect to its upstream.
  static let upstreamRest = 300
  /// Bytes of a file that a program leaves of which the content is compared.
  static let leftContent = 1 << 16
  /// Idleness after which the rest of what the other side has shown is not awaited, once a part of it has come, and after
  /// which lines and leftovers are not awaited.
  static let lull = Duration.seconds(1)
  /// Maximum waits of a run of which it is kept what the program had shown.
  static let milestones = 10_000
  /// Bytes of output in which ports and folders are replaced by names.
  static let named = 1 << 18
  /// Default time for the bundled scenarios.
  public static let budget = Duration.seconds(15)
  /// Maximum scenarios whose system calls are traced for a note.
  static let tracedScenarios = 8
  /// Default milliseconds for one step.
  public static let timeout = 10_000
  /// Maximum number of timeouts that a step takes while bytes move.
  static let movingTimeouts = 3
  /// How many times as long a wait may take because the machine is busy.
  static let starvation = 8
  /// Maximum time to wait for a program to become idle: a program with a timer never does.
  static let settling = Duration.seconds(2)
  /// Maximum time for killed processes to disappear.
  static let reaping = Duration.seconds(10)
  /// Maximum time until a server listens, whatever the time of a step; and how often it gets as much again because it
  /// has used the processor.
  static let readiness = Duration.seconds(5)
  static let readinessTimes = 6
  /// Milliseconds of idleness after which a started program has all its processes.
  static let started = 250
  /// Maximum attempts to start a server whose port another program has taken.
  static let ports = 5
  /// Bytes of context before and after a difference in a report.
  static let context = 60
  /// Maximum characters of a difference on a terminal.
  static let shown = 80
  /// Maximum bytes of each fragment that a report keeps.
  static let kept = 4096
  /// Maximum rows of a side-by-side list, counted from the first difference; and the number of equal rows shown around
  /// a difference.
  static let rows = 200
  static let contextRows = 3
  /// Maximum bytes of one fragment on a page; and the number of equal connections of a scenario that a page shows.
  static let excerpt = 400
  static let equalConnections = 4
  /// Maximum differences that a report names before its grid.
  static let headlines = 5
  /// Maximum number of programs of a vote, each of which is compared with each other one.
  public static let voters = 9
  /// Number of values of a mask that a page shows.
  static let values = 4
  /// Milliseconds of idleness after which a pair is assumed not to end; and those that a server has to end after its
  /// client.
  static let pairRest = 1500
  static let serverExit = 700
  /// Maximum bytes that clients send during a recording; and the number of clients served at once.
  static let recorded = 8 << 20
  static let recordedAtATime = 256
  /// Milliseconds of idleness after which the replay of a recorded session stops waiting for the server.
  static let replayRest = 1000
  /// Maximum bytes of a line; a longer one is cut, so that its parts are aligned.
  static let line = 1_024
  /// Maximum tokens of a line, and maximum lines that are aligned by their shape. Text with more of them is not judged,
  /// unless lines that occur once divide it.
  static let tokens = 1_500
  /// Maximum entries of the table by which a short run is aligned with a long one.
  static let table = 1 << 24
  /// Maximum nesting depth of a JSON report.
  static let depth = 64
  /// How often each side runs until a difference is confirmed: first, if its kind is new, and if a value of one side
  /// is rare on the other one. 7 runs of each side are the fewest that exclude chance.
  static let confirmingRuns = 7
  public static let maximumRuns = 16
  /// The chance below which a difference in how often is not noise.
  static let chance = 0.001
  /// The chance below which the shape of noise, or a value that one side always has, is worth the maximum of runs.
  static let suspicion = 0.005
  static let unlikely = 0.05
  /// The fewest runs in which something must occur, and in which it must not, to be tested.
  static let frequent = 5
  /// The time over which confirming runs are spread: longer than a second, so that a clock's second is no difference.
  static let confirmingTime = Duration.milliseconds(1200)
  /// How often runs under strace are repeated to tell a difference from timing.
  static let callConfirmations = 3
  /// Maximum masks of a trace that a report lists; what varies in more places is counted.
  static let masks = 1_000
  /// Maximum further differences of a channel in a scenario.
  static let differences = 20

  // MARK: Fuzzing

  /// Default number of scenarios of a fuzz run.
  public static let fuzzRuns = 1_000
  /// Default number of differing scenarios that end a fuzz run.
  public static let fuzzFailures = 5
  /// Maximum trials while a scenario is shrunk.
  public static let shrinkTrials = 400
  /// Maximum bytes of a generated payload; and of one that passes through a small window.
  static let fuzzed = 65_537
  static let fuzzedNarrow = 4_097
  /// Milliseconds of idleness after which a generated scenario stops waiting; and those after which it stops waiting
  /// for the exit. They are short because generated scenarios often wait for data that never arrives.
  static let fuzzedWithin = 30
  static let fuzzedExit = 50
  /// Minimum time between two progress lines; and the width of the bar in characters.
  static let progress = Duration.milliseconds(100)
  static let bar = 24
  /// Timeout of one step while a scenario is shrunk.
  static let shrinkTimeout = Duration.seconds(2)
  /// How often a smaller scenario must differ to be accepted.
  static let shrinkRepetitions = 2
}
