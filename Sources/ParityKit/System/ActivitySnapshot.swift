/// The state of a run's processes. If two snapshots are equal and no process is running, the program is idle: it waits
/// for input that no peer has sent.
struct ActivitySnapshot: Equatable {
  let processes: [CInt]
  private(set) var isResting = true
  private var switches: [CInt: Int] = [:]
  let moved: Int

  /// `moved` counts the bytes that have passed between the run and the program.
  init(_ processes: [CInt], moved: Int) {
    (self.processes, self.moved) = (processes, moved)
    for process in processes {
      let activity = ProcFS.activity(of: process)
      switches[process] = activity.switches
      if activity.isRunning { isResting = false }
    }
  }

  /// The processor time of all processes.
  var processorTime: Duration { .nanoseconds(processes.reduce(0) { $0 + ProcFS.processorTime(of: $1) }) }
}
