// The sessions of a loop: slots that are used again, three lists by time, and chains of sessions with the same address.
internal import Glibc
internal import IPC

extension Session {
  /// The lists by time. The idle time runs only in the first of them: a session that waits for the server's output keeps
  /// its client waiting.
  enum Group: Int { case served, printing, lingering }

  /// The list to which it belongs.
  var group: Group {
    switch phase {
    case .printing: .printing
    case .lingering: .lingering
    case .serving, .replying, .ending: .served
    }
  }
}

/// A session is known by its index, which stays while its client is connected.
struct SessionTable: ~Copyable {
  private static let firstCapacity = 16

  /// Sessions by time: the first was active, or accepted, longest ago.
  struct List {
    var first = Session.none
    var last = Session.none
  }

  let countsAddresses: Bool
  var sessions = Slots<Session>()
  private(set) var count = 0
  /// By group.
  private var lists: [3 of List] = [List(), List(), List()]
  /// The sessions that do not linger, by the time of acceptance.
  private var accepted = List()
  /// By hash of the address; each begins a chain.
  private var buckets = Slots<UInt32>()
  /// The first free slot, in a list.
  private var free = Session.none

  init(countsAddresses: Bool) {
    self.countsAddresses = countsAddresses
  }

  /// The session of a group that was active longest ago.
  func oldest(_ group: Session.Group) -> Int? {
    let first = lists[group.rawValue].first
    return first == Session.none ? nil : Int(first)
  }

  /// The session that was accepted longest ago, of those that do not linger.
  var firstAccepted: Int? { accepted.first == Session.none ? nil : Int(accepted.first) }

  private func bucket(_ client: ClientAddress) -> Int { Int(client.hash & UInt64(buckets.count - 1)) }

  /// Counts the sessions over TCP from the address of this one, itself included; 0 if the table does not count them.
  func countAddress(_ index: Int) -> Int {
    let client = sessions[index].client
    guard countsAddresses, client.family != AF_UNIX else { return 0 }
    var (count, next) = (0, buckets[bucket(client)])
    while next != Session.none {
      if sessions[Int(next)].client.sharesAddress(with: client) { count += 1 }
      next = sessions[Int(next)].chain
    }
    return count
  }

  private mutating func chain(_ index: UInt32) {
    let bucket = bucket(sessions[Int(index)].client)
    sessions[Int(index)].chain = buckets[bucket]
    buckets[bucket] = index
  }

  private mutating func unchain(_ index: UInt32) {
    let bucket = bucket(sessions[Int(index)].client)
    let next = sessions[Int(index)].chain
    guard buckets[bucket] != index else { return buckets[bucket] = next }
    var before = Int(buckets[bucket])
    while sessions[before].chain != index { before = Int(sessions[before].chain) }
    sessions[before].chain = next
  }

  /// Makes room for one more session.
  /// - Throws: ENOMEM.
  mutating func grow() throws(Cause) {
    guard free == Session.none else { return }
    let used = UInt32(sessions.count)
    if countsAddresses, sessions.count == buckets.count {
      buckets = try Slots(repeating: Session.none, count: max(Self.firstCapacity, buckets.count * 2))
      for index in 0..<used { chain(index) }
    }
    try sessions.append(Session())
    free = used
  }

  private mutating func append(_ index: Int, now: Int64) {
    let group = sessions[index].group
    let (list, last) = (group.rawValue, lists[group.rawValue].last)
    sessions[index].list = group
    sessions[index].active = now
    sessions[index].before = last
    sessions[index].after = Session.none
    if last == Session.none { lists[list].first = UInt32(index) } else { sessions[Int(last)].after = UInt32(index) }
    lists[list].last = UInt32(index)
  }

  private mutating func detach(_ index: Int) {
    let list = sessions[index].list.rawValue
    let (before, after) = (sessions[index].before, sessions[index].after)
    if before == Session.none { lists[list].first = after } else { sessions[Int(before)].after = after }
    if after == Session.none { lists[list].last = before } else { sessions[Int(after)].before = before }
  }

  private mutating func appendAccepted(_ index: UInt32) {
    let last = accepted.last
    sessions[Int(index)].older = last
    sessions[Int(index)].newer = Session.none
    if last == Session.none { accepted.first = index } else { sessions[Int(last)].newer = index }
    accepted.last = index
  }

  private mutating func detachAccepted(_ index: Int) {
    let (older, newer) = (sessions[index].older, sessions[index].newer)
    if older == Session.none { accepted.first = newer } else { sessions[Int(older)].newer = newer }
    if newer == Session.none { accepted.last = older } else { sessions[Int(newer)].older = older }
  }

  /// Adds a session in the room that was made for it; returns its index.
  mutating func add(_ descriptor: CInt, _ client: ClientAddress, now: Int64) -> Int {
    let index = free
    free = sessions[Int(index)].after
    count += 1
    sessions[Int(index)] = Session(descriptor: descriptor, client: client, since: now)
    if countsAddresses { chain(index) }
    append(Int(index), now: now)
    appendAccepted(index)
    return Int(index)
  }

  /// Removes a session. The caller closes its descriptor.
  mutating func remove(_ index: Int) {
    if countsAddresses { unchain(UInt32(index)) }
    detach(index)
    if sessions[index].list != .lingering { detachAccepted(index) }
    sessions[index] = Session(after: free)
    free = UInt32(index)
    count -= 1
  }

  /// Moves a session to the end of the list by time to which it belongs now.
  mutating func touch(_ index: Int, now: Int64) {
    detach(index)
    if sessions[index].list != .lingering, sessions[index].phase == .lingering { detachAccepted(index) }
    append(index, now: now)
  }
}
