// The gate's part for epoll(7); what is said in System.swift holds here.
internal import CLinux
internal import Glibc

/// What epoll_wait(2) returns: `struct epoll_event` holds a pointer among others in a union, of which only the number is used.
@safe struct ReadyList: ~Copyable {
  fileprivate var events: [epoll_event]

  init(capacity: Int) {
    unsafe events = [epoll_event](repeating: epoll_event(), count: capacity)
  }

  subscript(_ index: Int) -> (token: UInt64, ready: UInt32) {
    unsafe (events[index].data.u64, events[index].events)
  }
}

extension System {
  static func createEpoll() -> Int { call { epoll_create1(CInt(EPOLL_CLOEXEC)) } }

  /// epoll_ctl(2): `operation` is EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL; `token` comes back with the events.
  static func control(_ epoll: CInt, _ operation: CInt, _ descriptor: CInt, _ events: UInt32, token: UInt64) -> Int {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: token))
    return call { unsafe epoll_ctl(epoll, operation, descriptor, &event) }
  }

  /// epoll_wait(2): the number of events that stand in the list now; none where a signal came, as who waits has times to
  /// look at.
  static func wait(_ epoll: CInt, _ list: inout ReadyList, _ timeout: CInt) -> Int {
    let count = unsafe list.events.withUnsafeMutableBufferPointer { buffer in
      once { unsafe epoll_wait(epoll, buffer.baseAddress, CInt(buffer.count), timeout) }
    }
    return count == -Int(EINTR) ? 0 : count
  }
}
