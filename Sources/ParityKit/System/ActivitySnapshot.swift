/// How the processes of a run stand. Two looks that are the same, and find nobody running, show that the program rests:
/// it waits for something that nobody has sent.
struct ActivitySnapshot: Equatable {
  private(set) var isResting = true
  private var switches: [CInt: Int] = [:]
  private let moved: Int

  /// `moved` counts what passed between the run and the program so far.
  init(_ processes: [CInt], moved: Int) {
    self.moved = moved
    for process in processes {
      let activity = ProcFS.activity(of: process)
      switches[process] = activity.switches
      if activity.isRunning { isResting = false }
    }
  }
}
