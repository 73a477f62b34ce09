import Synchronization

/// How many bytes the server received and sent.
struct Traffic: Equatable {
  var received = 0
  var sent = 0
}

private let active = Atomic<Int32>(0)
private let traffic = Mutex(Traffic())

/// Counts a client that connects. Returns how many are connected.
func clientBegan() -> Int32 {
  active.add(1, ordering: .relaxed).newValue
}

/// Counts a client that leaves. Returns how many are connected.
func clientEnded() -> Int32 {
  active.subtract(1, ordering: .relaxed).newValue
}

/// Adds to both totals in one step. Returns the totals.
func trafficAdd(received: Int, sent: Int) -> Traffic {
  traffic.withLock { total in
    total.received += received
    total.sent += sent
    return total
  }
}
