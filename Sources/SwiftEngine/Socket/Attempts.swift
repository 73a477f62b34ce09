// The connections that a client is making side by side (RFC 8305, section 5).
internal import Glibc
internal import IPC

struct Attempts: ~Copyable {
  private var entries: [pollfd] = []
  private var candidates: [Endpoint] = []

  var count: Int { entries.count }

  mutating func add(_ attempt: consuming Connection) {
    candidates.append(attempt.endpoint)
    entries.append(pollfd(fd: attempt.release().release(), events: Int16(POLLOUT), revents: 0))
  }

  mutating func remove(at index: Int) -> Connection {
    Connection(Descriptor(owning: entries.remove(at: index).fd), to: candidates.remove(at: index))
  }

  /// Waits until an attempt ends; returns its index, or a negated errno: ETIMEDOUT at the deadline.
  mutating func wait(until deadline: Deadline) -> Int {
    let ready = System.poll(&entries, until: deadline)
    if ready > 0, let index = entries.firstIndex(where: { $0.revents != 0 }) { return index }
    return ready < 0 ? ready : -Int(ETIMEDOUT)
  }

  deinit {
    for each in entries { _ = System.close(each.fd) }
  }
}
