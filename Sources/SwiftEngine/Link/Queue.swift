// A queue: two POSIX message queues, of which the server's is the lobby.
internal import Glibc
internal import IPC

final class QueueEnd: LinkEnd {
  let name: [UInt8]
  var sizes = LinkSizes()
  /// A message that came, and what of it was not taken yet.
  let message = Message()
  var rest = 0..<0
  /// Where a message to send is made.
  let outgoing = Message()
  /// The turn of the client whose hello came amid a conversation.
  private var next: UInt64 = 0

  init(_ endpoint: Endpoint, name: [UInt8], serves: Bool) {
    self.name = name
    super.init(endpoint, serves: serves)
  }

  deinit { closeAtLast() }

  override var held: Int { rest.count }

  // MARK: The server

  /// Makes the lobby and holds it. One that is left over is replaced, by a server that held it: of two that find it, the
  /// other one sees that it lost its name, and begins again.
  private func openLobby() -> Int {
    let (incoming, outgoing) = (queueName(".in"), queueName(".out"))
    while true {
      let made = makeQueue(incoming)
      let opened = made == -Int(EEXIST) ? openQueue(incoming, O_RDWR, trustsRoot: false) : made
      if made == -Int(EEXIST), opened == -Int(ENOENT) { continue }
      if opened < 0 { return opened }
      input = CInt(opened)
      lobby = input
      var result = Hold.take(input, &holder)
      let holds = result == 0 && Hold.hasName(input)
      if holds, made >= 0 { return 0 }
      if holds { result = removeQueue(outgoing) }
      if holds, result == 0 { result = removeQueue(incoming) }
      input = closed(input)
      lobby = -1
      if result < 0 { return result }
    }
  }

  override func listen(_ sizes: LinkSizes) -> Int {
    self.sizes = sizes
    makeBuffers()
    var result = openLobby()
    if result < 0 { return result }
    let (incoming, outgoing) = (queueName(".in"), queueName(".out"))
    result = removeQueue(outgoing)
    if result == 0 { result = makeQueue(outgoing) }
    if result >= 0 {
      output = CInt(result)
      result = Hold.watch(lobby)
      watch = CInt(max(-1, result))
    }
    if result < 0 { _ = System.unlinkQueue(incoming) }
    if result < 0, output >= 0 { _ = System.unlinkQueue(outgoing) }
    return min(0, result)
  }

  /// The turn of the next client that says hello and lives, or 0; what else stands in the queue is of clients that are
  /// gone. It takes what stands there, and no more, however fast somebody fills it.
  private func nextHello() -> UInt64 {
    var (number, left) = (next, sizes.depth)
    next = 0
    while left > 0, !Hold.hasTurn(lobby, number) {
      left -= 1
      var head: MessageHead?
      let result = take(&head)
      if result < 0, result != -Int(EBADMSG) { return 0 }
      number = head?.kind == .hello ? head?.turn ?? 0 : 0
    }
    return Hold.hasTurn(lobby, number) ? number : 0
  }

  override func accept(extra: CInt, until deadline: Deadline) -> Int {
    while true {
      var result = -Int(EAGAIN)
      turn = nextHello()
      rest = 0..<0
      if turn > 0 {  // what still stands in the other queue was meant for clients that are gone
        empty(output)
        result = post(.welcome)
      }
      if result != -Int(EAGAIN) { return result }
      next = turn
      Hold.clear(watch)
      result = pause(readable: input, extra: extra, until: deadline)
      if result < 0 { return result }
    }
  }

  /// The lobby last: who holds it owns the names.
  override func remove() {
    guard Hold.hasName(lobby) else { return }
    for suffix in [".out", ".in"] { _ = System.unlinkQueue(queueName(suffix)) }
  }

  // MARK: The client

  private func findQueues() -> Int {
    var result = openQueue(queueName(".in"), O_RDWR, trustsRoot: true)
    if result < 0 { return result }
    output = CInt(result)
    lobby = output
    guard Hold.isTaken(lobby) else { return -Int(ECONNREFUSED) }
    result = openQueue(queueName(".out"), O_RDONLY, trustsRoot: true)
    // A server that is about to make it.
    if result < 0 { return result == -Int(ENOENT) ? -Int(ECONNREFUSED) : result }
    input = CInt(result)
    var (found, others) = (LinkSizes(), LinkSizes())
    result = System.sizes(ofQueue: input, &found)
    if result == 0 { result = System.sizes(ofQueue: output, &others) }
    if result < 0 { return result }
    guard found.message == others.message, Limit.queueMessage.contains(found.message) else {
      return -Int(LocalError.kind.rawValue)
    }
    sizes = found
    makeBuffers()
    return 0
  }

  /// Waits for the welcome; what comes before it was meant for clients that are gone.
  private func awaitWelcome(until deadline: Deadline) -> Int {
    while true {
      var head: MessageHead?
      var result = take(&head)
      if let head {
        if head.kind == .welcome, head.turn == turn { return 0 }
        continue
      }
      if result != -Int(EAGAIN) { return result }
      guard Hold.isTaken(lobby) else { return -Int(ECONNREFUSED) }
      result = pause(readable: input, until: deadline)
      if result < 0 { return result }
    }
  }

  override func connect(waits: Bool, until deadline: Deadline) -> Int {
    var result = findQueues()
    if result < 0 { return result }
    watch = CInt(Hold.watch(lobby))  // without one, it is looked every `Limit.life`
    result = Hold.ticket(self, waits: waits, until: deadline)
    while result == 0 {
      result = post(.hello)
      if result == 0 { return awaitWelcome(until: deadline) }
      guard result == -Int(EAGAIN) else { break }
      // Full of what a client that is gone has sent, until the server takes it.
      result = Hold.isTaken(lobby) ? pause(until: deadline) : -Int(ECONNREFUSED)
      if result == 0 { awaitRoom(in: output) }
    }
    return result
  }

  // MARK: Both

  /// A message that is of another conversation, or out of place: 0 at the end of this one.
  private func takeOdd(_ head: MessageHead) -> Int {
    rest = 0..<0
    guard head.turn == turn else {  // the next client has its turn only when this one is gone
      guard serves, head.kind == .hello, !Hold.hasTurn(lobby, turn) else { return -Int(EBADMSG) }
      next = head.turn
      return -Int(EOWNERDEAD)
    }
    if head.kind == .reset { return -Int(ECONNRESET) }
    guard head.kind == .ended || head.kind == .left else { return -Int(EBADMSG) }
    hasEnded = true
    hasLeft = head.kind == .left
    return 0
  }

  override func receive(_ buffer: inout MutableSpan<UInt8>, after taken: Int) -> Int {
    if rest.isEmpty {
      var head: MessageHead?
      var result = take(&head)
      if result == -Int(EAGAIN) {
        if lives { return result }
        result = take(&head)  // what it sent before it died may have come meanwhile
      }
      guard let head else { return result == -Int(EAGAIN) ? -Int(EOWNERDEAD) : result }
      if head.kind != .data || head.turn != turn { return takeOdd(head) }
    }
    let count = min(rest.count, buffer.count - taken)
    message.give(rest.lowerBound..<rest.lowerBound + count, to: &buffer, after: taken)
    rest = rest.lowerBound + count..<rest.upperBound
    return count
  }

  /// Whether the client said that it leaves: what it sent before is for nobody any more, as nobody takes an answer.
  private func didLeave() -> Bool {
    defer { rest = 0..<0 }
    while true {
      var head: MessageHead?
      _ = take(&head)
      guard let head else { return false }
      if head.turn != turn {
        if head.kind == .hello { next = head.turn }
        return false
      }
      if head.kind == .left { return true }
    }
  }

  override func send(_ bytes: Span<UInt8>) -> Int {
    let count = min(bytes.count, sizes.message - MessageHead.size)
    MessageHead(.data, turn: turn).write(to: outgoing)
    outgoing.put(bytes.extracting(first: count), at: MessageHead.size)
    let result = outgoing.send(to: output, MessageHead.size + count)
    if result != -Int(EAGAIN) || lives { return result < 0 ? result : count }
    return !serves || didLeave() ? -Int(EPIPE) : -Int(EOWNERDEAD)
  }

  override func halfClose() -> Int {
    var result = post(.ended)
    if result == -Int(EAGAIN), !lives { result = 0 }  // nobody is left to see it
    isHalfClosed = result == 0
    return result
  }

  override func leave() -> Int {
    let deadline = Deadline(after: Limit.linger)
    var result = 0
    if turn > 0, !(serves ? isHalfClosed : hasEnded) {
      result = post(serves ? .ended : .left)
      while result == -Int(EAGAIN), lives, !deadline.isPast {
        awaitRoom(in: output)
        result = post(serves ? .ended : .left)
      }
    }
    if result == -Int(EAGAIN), serves {  // it does not read: it will find that something is missing
      empty(output)
      result = post(.reset)
    }
    rest = 0..<0
    return result == -Int(EAGAIN) ? 0 : result
  }
}
