/// The state of a run's processes. If two snapshots are equal and no process is running, the program is idle: it waits
/// for input that no peer has sent.
struct ActivitySnapshot: Equatable {
  private(set) var isResting = true
  private var switches: [CInt: Int] = [:]
  private let moved: Int

  /// `moved` counts the bytes that have passed between the run and the program.
  init(_ processes: [CInt], moved: Int) {
    self.moved = moved
    for process in processes {
      let activity = ProcFS.activity(of: process)
      switches[process] = activity.switches
      if activity.isRunning { isResting = false }
    }
  }
}
