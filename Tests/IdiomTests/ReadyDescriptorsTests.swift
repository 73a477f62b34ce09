import CIdioms
import Glibc
import Testing

@testable import Idioms

/// select() and poll(): C and Swift give the same descriptors to the handler.
struct ReadyDescriptorsTests {
  /// What a loop waits for, in one of the languages.
  private struct Interest {
    let isC: Bool
    var c = select_interest()
    var swift = SelectInterest()

    mutating func watch(_ fd: CInt, _ events: CInt) -> CInt {
      isC ? unsafe select_watch(&c, fd, events) : swift.watch(fd, SelectInterest.Events(rawValue: Int(events)))
    }

    /// The result, and the descriptors with their events. The handler stops waiting for those in `stops`.
    mutating func ready(_ time: CInt, stops: [CInt] = []) -> (CInt, [[CInt]]) {
      var given: [[CInt]] = []
      if !isC {
        let result = swift.ready(milliseconds: Int(time)) { interest, fd, events in
          given.append([fd, CInt(events.rawValue)])
          for stop in stops { _ = interest.watch(stop, []) }
        }
        return (result, given)
      }
      return unsafe withUnsafeMutablePointer(to: &c) { c in
        var context = unsafe (given: given, stops: stops, interest: c)
        let handle: @convention(c) (CInt, CInt, UnsafeMutableRawPointer?) -> Void = { fd, events, context in
          typealias Context = (given: [[CInt]], stops: [CInt], interest: UnsafeMutablePointer<select_interest>)
          let context = unsafe context!.assumingMemoryBound(to: Context.self)
          unsafe context.pointee.given.append([fd, events])
          for stop in unsafe context.pointee.stops { _ = unsafe select_watch(context.pointee.interest, stop, 0) }
        }
        let result = unsafe withUnsafeMutablePointer(to: &context) { unsafe select_ready(c, time, handle, $0) }
        return unsafe (result, context.given)
      }
    }
  }

  private static let (read, write) = (CInt(SELECT_READ), CInt(SELECT_WRITE))

  @Test("select() gives each descriptor that is ready, with what it is ready for", arguments: [true, false])
  func selectDescriptors(isC: Bool) throws {
    let (one, other) = (try TestSockets.pair(), try TestSockets.pipe())
    defer { for fd in [one.0, one.1, other.reader, other.writer] { close(fd) } }
    var interest = Interest(isC: isC)
    #expect(interest.ready(0) == (-ETIMEDOUT, []))
    for fd in [one.0, other.reader] { #expect(interest.watch(fd, Self.read) == 0) }
    let start = SuspendingClock.now
    #expect(interest.ready(30) == (-ETIMEDOUT, []))
    #expect(SuspendingClock.now - start >= .milliseconds(29))

    for fd in [one.1, other.writer] { try TestSockets.write(fd, [1]) }
    let both = [[one.0, Self.read], [other.reader, Self.read]].sorted { $0[0] < $1[0] }
    #expect(interest.ready(-1) == (2, both))
    // The handler of the first one stops the waiting for all others.
    #expect(interest.ready(10_000, stops: [both[1][0]]) == (1, [both[0]]))
    #expect(interest.ready(10_000) == (1, [both[0]]))

    #expect(interest.watch(one.0, Self.read | Self.write) == 0 && interest.watch(other.reader, 0) == 0)
    #expect(interest.ready(10_000).1 == [[one.0, Self.read | Self.write]])
    #expect(try TestSockets.read(one.0) == [1])
    #expect(interest.ready(10_000).1 == [[one.0, Self.write]])
    // At the end of a connection a read does not wait.
    shutdown(one.1, CInt(SHUT_WR))
    #expect(interest.watch(one.0, Self.read) == 0)
    #expect(interest.ready(10_000).1 == [[one.0, Self.read]])
    #expect(interest.watch(one.0, 0) == 0)
    #expect(interest.ready(0) == (-ETIMEDOUT, []))
    for fd in [-1, FD_SETSIZE, 1 << 20] { #expect(interest.watch(fd, Self.read) == -EINVAL) }
    // Linux ignores a closed descriptor that its table has no room for.
    #expect(interest.watch(FD_SETSIZE - 1, Self.read) == 0)
    #expect([-EBADF, -ETIMEDOUT].contains(interest.ready(20).0))
  }

  @Test("A set of descriptors has the layout of fd_set") func descriptorSet() {
    var set = DescriptorSet()
    for fd in [0, 5, 63, 64, 1023] as [CInt] { set.set(fd, to: true) }
    set.set(5, to: false)
    #expect((0..<1024).filter(set.contains) == [0, 63, 64, 1023])
    let bits = set.bits.__fds_bits
    #expect((bits.0, bits.1, bits.15) == (1 | .min, 1, .min))
  }

  /// The result of poll(), and the index of each entry that was given, with 1 if it can be read and 2 if it can be
  /// written. The handler removes the entries in `removed`.
  private static func poll(_ isC: Bool, _ entries: [(CInt, CInt)], _ time: CInt, removed: [Int] = [])
    -> (CInt, [[Int]])
  {
    var set = entries.map { pollfd(fd: $0.0, events: Int16($0.1), revents: 0) }
    if !isC {
      var given: [[Int]] = []
      let descriptors = set.map { $0.fd }
      let result = pollReady(&set, milliseconds: Int(time)) { entry, canRead, canWrite in
        given.append([descriptors.firstIndex(of: entry.fd)!, (canRead ? 1 : 0) + (canWrite ? 2 : 0)])
        entry.fd = -1
      }
      return (result, given)
    }
    return unsafe set.withUnsafeMutableBufferPointer { set in
      var context = (given: [[Int]](), removed: removed, set: set.baseAddress!)
      typealias Context = (given: [[Int]], removed: [Int], set: UnsafeMutablePointer<pollfd>)
      let handle: @convention(c) (UnsafeMutablePointer<pollfd>, Bool, Bool, UnsafeMutableRawPointer?) -> Void = {
        entry, canRead, canWrite, context in
        let context = unsafe context!.assumingMemoryBound(to: Context.self)
        let index = unsafe entry - context.pointee.set
        unsafe context.pointee.given.append([index, (canRead ? 1 : 0) + (canWrite ? 2 : 0)])
        for other in unsafe context.pointee.removed { unsafe context.pointee.set[other].fd = -1 }
      }
      let result = unsafe withUnsafeMutablePointer(to: &context) { context in
        unsafe poll_ready(set.baseAddress!, nfds_t(set.count), time, handle, context)
      }
      return unsafe (result, context.given)
    }
  }

  @Test("poll() gives each entry that is ready, at its end or has an error, and reports closed ones")
  func pollDescriptors() throws {
    for isC in [true, false] {
      let (idle, busy) = (try TestSockets.pipe(), try TestSockets.pair())
      defer { for fd in [idle.reader, idle.writer, busy.0, busy.1] { close(fd) } }
      let start = SuspendingClock.now
      let entries = [(-1, POLLIN), (idle.reader, POLLIN), (busy.0, POLLIN | POLLOUT), (idle.writer, POLLOUT)]
      #expect(Self.poll(isC, [(-1, POLLIN), (idle.reader, POLLIN)], 30) == (-ETIMEDOUT, []))
      #expect(SuspendingClock.now - start >= .milliseconds(29))
      #expect(Self.poll(isC, [], 0) == (-ETIMEDOUT, []))
      #expect(Self.poll(isC, entries, -1) == (2, [[2, 2], [3, 2]]))
      try TestSockets.write(busy.1, [1])
      #expect(Self.poll(isC, entries, 10_000) == (2, [[2, 3], [3, 2]]))
      // No process has so many descriptors open.
      #expect(Self.poll(isC, entries + [(1 << 29, POLLIN)], 10_000) == (-EBADF, []))
      if isC { #expect(Self.poll(isC, entries, 10_000, removed: [3]) == (1, [[2, 3]])) }
    }
  }

  @Test("The end of a pipe can be read, and the error of one without a reader can be read and written")
  func ends() async {
    // No other test starts a program, which would have copies of the descriptors until its exec.
    await #expect(processExitsWith: .exitCode(7)) {
      for isC in [true, false] {
        let (ended, broken) = (try TestSockets.pipe(), try TestSockets.pipe())
        close(ended.writer)
        close(broken.reader)
        // POLLHUP alone, and POLLERR alone: neither was asked for.
        let result = ReadyDescriptorsTests.poll(isC, [(ended.reader, 0), (broken.writer, 0)], 10_000)
        guard result == (2, [[0, 1], [1, 3]]) else { exit(1) }
      }
      exit(7)
    }
  }
}
