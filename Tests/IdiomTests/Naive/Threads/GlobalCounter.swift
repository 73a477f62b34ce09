import Glibc

struct Traffic {
  var received = 0
  var sent = 0
}

var active: CInt = 0
var traffic = Traffic()

func clientBegan() -> CInt {
  active += 1
  return active
}

func trafficAdd(_ received: Int, _ sent: Int) -> Traffic {
  traffic.received += received
  traffic.sent += sent
  return traffic
}
