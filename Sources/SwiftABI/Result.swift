// The gate to C: the files of this folder implement the functions of `include/ipc.h` over the Swift engine. They take
// pointers from C and give pointers to C, so their code is unsafe. It is sound for two reasons, which are promises of
// the header: a pointer that C passes is valid during the call, for the count that is passed with it; and C uses a
// pointer that an observer receives only while the observer runs.
internal import IPC
internal import SystemPackage

/// Runs a step; returns 0 or the negated error.
@inline(__always)
func status(_ body: () throws(Failure) -> Void) -> CInt {
  do { try body() } catch { return -error.cause.code }
  return 0
}

/// Runs a step; returns its count or the negated error. Nil is a step that would block: EAGAIN.
@inline(__always)
func count(_ body: () throws(Failure) -> Int?) -> Int {
  do {
    return try body() ?? -Int(Errno.resourceTemporarilyUnavailable.rawValue)
  } catch {
    return -Int(error.cause.code)
  }
}

/// Runs a step; gives the descriptor that it returns to the caller, or returns the negated error.
func number(_ body: () throws(Failure) -> Descriptor) -> CInt {
  do { return try body().release() } catch { return -error.cause.code }
}

/// Runs a step with a descriptor that the caller owns, and does not close it.
@inline(__always)
func lend<Result>(
  _ number: CInt, _ body: (borrowing Descriptor) throws(Failure) -> Result
) throws(Failure) -> Result {
  let descriptor = Descriptor(owning: number)
  do {
    let result = try body(descriptor)
    _ = descriptor.release()
    return result
  } catch {
    _ = descriptor.release()
    throw error
  }
}

/// A descriptor that C passes, or nil for -1.
func lent(_ number: CInt) -> FileDescriptor? { number < 0 ? nil : FileDescriptor(rawValue: number) }

/// A timeout in milliseconds. A negative one never expires.
func timeout(_ milliseconds: CInt) -> Duration? { milliseconds < 0 ? nil : .milliseconds(milliseconds) }
