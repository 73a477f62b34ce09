// Faults of system calls, in the calling thread only.
internal import CFaults
internal import SystemPackage
internal import Testing

struct Fault: Sendable {
  private let call: faults_call
  private let isCertain: Bool
  private let arm: @Sendable (faults_call) -> Void

  /// Lets calls fail.
  static func fail(
    _ call: faults_call, _ error: Errno, after skip: UInt32 = 0, times: UInt32 = 1, late: Bool = false
  ) -> Fault {
    Fault(call: call, isCertain: true) { faults_fail($0, error.rawValue, skip, times, late) }
  }

  /// Lets calls move at most that many bytes; `meets` says that some would move more.
  static func cap(_ call: faults_call, _ bytes: Int, meets: Bool = true) -> Fault {
    Fault(call: call, isCertain: meets) { faults_cap($0, bytes) }
  }

  /// Runs the body with the faults in this thread, and tells which have not happened though they should.
  static func run<Value>(_ faults: [Fault], _ body: () throws -> Value) rethrows -> (value: Value, missed: [String]) {
    faults_clear()
    for fault in faults { fault.arm(fault.call) }
    defer { faults_clear() }
    let value = try body()
    let missed = faults.filter { $0.isCertain && faults_injected($0.call) == 0 }
    return (value, missed.map { "\($0.call)" })
  }

  /// As `run`, and expects that all have happened.
  static func during<Value>(
    _ faults: [Fault], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Value
  ) rethrows -> Value {
    let (value, missed) = try run(faults, body)
    #expect(missed.isEmpty, "faults did not happen", sourceLocation: sourceLocation)
    return value
  }
}
