// The table of sessions: places, a list by time, and who shares an address.
internal import Glibc
internal import IPC

struct Table: ~Copyable {
  /// No session: the end of a list.
  static let none = UInt32.max
  private static let firstCapacity = 16

  /// Sessions by time: the first was active longest ago.
  struct List {
    var first = Table.none
    var last = Table.none
  }

  let countsAddresses: Bool
  var sessions: [Session] = []
  private(set) var count = 0
  /// Those that are served, and those that linger.
  private var lists: [2 of List] = [List(), List()]
  private var chains: [UInt32] = []
  private var free = none

  /// The session that was active longest ago, of those that are served or of those that linger.
  func oldest(lingering: Bool) -> Int? {
    let first = lists[lingering ? 1 : 0].first
    return first == Self.none ? nil : Int(first)
  }

  init(countsAddresses: Bool) {
    self.countsAddresses = countsAddresses
  }

  /// Makes a place for one more session.
  mutating func grow() {
    guard free == Self.none else { return }
    free = UInt32(sessions.count)
    sessions.append(Session())
    guard countsAddresses, sessions.count > chains.count else { return }
    chains = [UInt32](repeating: Self.none, count: max(Self.firstCapacity, chains.count * 2))
    for index in 0..<free { link(index) }
  }

  /// Takes the place; its index.
  mutating func add(_ descriptor: CInt, _ client: Client, now: Int64) -> Int {
    let index = free
    free = sessions[Int(index)].after
    count += 1
    sessions[Int(index)] = Session(descriptor: descriptor, client: client, since: now)
    if countsAddresses { link(index) }
    append(Int(index), now: now)
    return Int(index)
  }

  /// Frees the place; the descriptor is closed by then.
  mutating func remove(_ index: Int) {
    if countsAddresses { unlink(UInt32(index)) }
    detach(index, lingered: sessions[index].lingers)
    sessions[index] = Session(after: free)
    free = UInt32(index)
    count -= 1
  }

  /// Puts a session behind all others in the list by time, where it lingers now in the other one.
  mutating func touch(_ index: Int, lingered: Bool, now: Int64) {
    detach(index, lingered: lingered)
    append(index, now: now)
  }

  /// Sessions over TCP from that session's address, itself counted; 0 where nobody counts them.
  func neighbours(_ index: Int) -> Int {
    let client = sessions[index].client
    guard countsAddresses, client.family != AF_UNIX else { return 0 }
    var (count, next) = (0, chains[bucket(client)])
    while next != Self.none {
      if sessions[Int(next)].client.sharesAddress(with: client) { count += 1 }
      next = sessions[Int(next)].chain
    }
    return count
  }

  private func bucket(_ client: Client) -> Int { Int(client.hash & UInt64(chains.count - 1)) }

  private mutating func link(_ index: UInt32) {
    let bucket = bucket(sessions[Int(index)].client)
    sessions[Int(index)].chain = chains[bucket]
    chains[bucket] = index
  }

  private mutating func unlink(_ index: UInt32) {
    let bucket = bucket(sessions[Int(index)].client)
    let next = sessions[Int(index)].chain
    guard chains[bucket] != index else { return chains[bucket] = next }
    var before = Int(chains[bucket])
    while sessions[before].chain != index { before = Int(sessions[before].chain) }
    sessions[before].chain = next
  }

  private mutating func append(_ index: Int, now: Int64) {
    let list = sessions[index].lingers ? 1 : 0
    let last = lists[list].last
    sessions[index].active = now
    sessions[index].before = last
    sessions[index].after = Self.none
    if last == Self.none { lists[list].first = UInt32(index) } else { sessions[Int(last)].after = UInt32(index) }
    lists[list].last = UInt32(index)
  }

  private mutating func detach(_ index: Int, lingered: Bool) {
    let list = lingered ? 1 : 0
    let (before, after) = (sessions[index].before, sessions[index].after)
    if before == Self.none { lists[list].first = after } else { sessions[Int(before)].after = after }
    if after == Self.none { lists[list].last = before } else { sessions[Int(after)].before = before }
  }
}
