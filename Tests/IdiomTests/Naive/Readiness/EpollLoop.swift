import Glibc

func epollRun(_ fd: CInt, _ handle: (UInt64, UInt32) -> Bool) -> CInt {
  let epoll = epoll_create1(EPOLL_CLOEXEC)
  var event = epoll_event()
  event.events = EPOLLIN
  event.data.fd = fd
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event)
  var events = [epoll_event](repeating: epoll_event(), count: 32)
  while true {
    let count = epoll_wait(epoll, &events, 32, -1)
    for i in 0..<count {
      if !handle(events[i].data.fd, events[i].events) { return 0 }
    }
  }
}
