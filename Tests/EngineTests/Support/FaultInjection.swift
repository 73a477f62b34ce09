// Faults of system calls, in the calling thread only.
internal import CFaults
internal import SystemPackage
internal import Testing

struct Fault: Sendable {
  fileprivate let call: faults_call
  fileprivate let mustOccur: Bool
  fileprivate let arm: @Sendable (faults_call) -> Void

  /// Makes calls fail.
  ///
  /// - Parameters:
  ///   - skip: How many calls succeed before the first fault.
  ///   - times: How many calls fail.
  ///   - late: Whether the call takes effect nevertheless, like an interrupted close(2).
  static func fail(
    _ call: faults_call, _ error: Errno, after skip: UInt32 = 0, times: UInt32 = 1, late: Bool = false
  ) -> Fault {
    Fault(call: call, mustOccur: true) { faults_fail($0, error.rawValue, skip, times, late) }
  }

  /// Limits the number of bytes that one call transfers.
  ///
  /// - Parameter mustOccur: Whether the test expects that at least one call is shortened.
  static func cap(_ call: faults_call, _ bytes: Int, mustOccur: Bool = true) -> Fault {
    Fault(call: call, mustOccur: mustOccur) { faults_cap($0, bytes) }
  }
}

enum FaultInjection {
  /// Runs the body with the faults, and returns which of them did not occur although they must.
  static func run<Value>(_ faults: [Fault], _ body: () throws -> Value) rethrows -> (value: Value, missed: [String]) {
    faults_clear()
    for fault in faults { fault.arm(fault.call) }
    defer { faults_clear() }
    let value = try body()
    let missed = faults.filter { $0.mustOccur && faults_injected($0.call) == 0 }
    return (value, missed.map { "\($0.call)" })
  }

  /// Starts faults that last until `end`, in this thread.
  static func start(_ faults: [Fault]) {
    faults_clear()
    for fault in faults { fault.arm(fault.call) }
  }

  /// Ends the faults, and expects that all of them occurred.
  static func end(_ faults: [Fault], sourceLocation: SourceLocation = #_sourceLocation) {
    let missed = faults.filter { $0.mustOccur && faults_injected($0.call) == 0 }
    faults_clear()
    expectNoneMissed(missed.map { "\($0.call)" }, sourceLocation: sourceLocation)
  }

  /// Runs the body with the faults, and expects that all of them occur.
  static func during<Value>(
    _ faults: [Fault], sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Value
  ) rethrows -> Value {
    let (value, missed) = try run(faults, body)
    expectNoneMissed(missed, sourceLocation: sourceLocation)
    return value
  }

  static func expectNoneMissed(_ missed: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(missed.isEmpty, "faults did not occur", sourceLocation: sourceLocation)
  }
}
