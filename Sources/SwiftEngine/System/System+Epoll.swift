// Part of the gate to libc: epoll(7). System.swift explains why it is sound.
internal import CLinux
internal import Glibc

/// Room for the events of epoll_wait(2). The data of a `struct epoll_event` is a union with a pointer; only its number
/// is used.
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

  /// epoll_ctl(2): `operation` is EPOLL_CTL_ADD, EPOLL_CTL_MOD or EPOLL_CTL_DEL; events carry the `token`.
  static func control(_ epoll: CInt, _ operation: CInt, _ descriptor: CInt, _ events: UInt32, token: UInt64) -> Int {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: token))
    return call { unsafe epoll_ctl(epoll, operation, descriptor, &event) }
  }

  /// epoll_wait(2); returns the number of events in the list: 0 after the timeout or a signal, since the caller then
  /// checks its deadlines.
  static func wait(_ epoll: CInt, _ list: inout ReadyList, _ timeout: CInt) -> Int {
    let count = unsafe list.events.withUnsafeMutableBufferPointer { buffer in
      once { unsafe epoll_wait(epoll, buffer.baseAddress, CInt(buffer.count), timeout) }
    }
    return count == -Int(EINTR) ? 0 : count
  }
}
