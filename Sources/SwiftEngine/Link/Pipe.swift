// A pipe: two FIFOs, and a lobby beside them where client and server meet.
internal import CLinux
internal import Glibc
internal import IPC

final class PipeEnd: LinkEnd {
  let name: [UInt8]
  /// The FIFOs are new, and not open yet.
  var isFresh = false
  /// The other end has been there.
  var wasOpened = false
  /// A server's own reader of NAME.out, until there is another one.
  var spare: CInt = -1
  /// The FIFOs in the watch.
  var watchedInput: CInt = -1
  var watchedOutput: CInt = -1

  init(_ endpoint: Endpoint, path: [UInt8], serves: Bool) {
    name = path
    super.init(endpoint, serves: serves)
  }

  deinit { closeAtLast() }

  override var isUnread: Bool { spare >= 0 }

  override func dropMore() { spare = closed(spare) }

  override func rest() -> Int { lookAgain() }

  // MARK: The server

  /// Opens the lobby, or makes it; holds it, and looks whether the name is still its: a server that ends removes it.
  private func openLobby() -> Int {
    let path = path(".lock")
    while true {
      let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
      var result = System.open(path, flags, S_IRUSR | S_IWUSR)
      if result < 0 { return Hold.kind(result) }
      lobby = CInt(result)
      var held = stat()
      result = Hold.check(lobby, S_IFREG, trustsRoot: false)
      if result == 0 { result = System.status(lobby, &held) }
      if result == 0, held.st_size != 0, held.st_size != PipeLobby.size { result = -Int(LocalError.kind.rawValue) }
      if result == 0 { result = Hold.take(lobby, &holder) }
      if result == 0, hasName { return 0 }
      lobby = closed(lobby)
      if result < 0 { return result }
    }
  }

  override func listen(_ sizes: LinkSizes) -> Int {
    var result = openLobby()
    if result < 0 { return result }
    result = System.write(lobby, at: 0, PipeLobby.Fresh())
    watch = take(&result) { Hold.watch(lobby) }
    if result >= 0 { result = beginEnds() }
    if result < 0 { remove() }
    return result
  }

  /// Which of the FIFOs somebody has opened since.
  private func readWatch() -> Readiness {
    var opened: Readiness = []
    while true {
      let events = System.events(watch)
      if events.isEmpty { return opened }
      for event in events where event.mask & UInt32(IN_OPEN) != 0 {
        if event.watched == watchedInput { opened.insert(.readable) }
        if event.watched == watchedOutput { opened.insert(.writable) }
      }
    }
  }

  override func look() {
    guard serves else { return Hold.clear(watch) }
    if readWatch().contains(.writable) { spare = closed(spare) }
  }

  /// Answers a hello, until the client has opened the FIFOs or is gone. Errors: EAGAIN (there is none, or it is gone).
  private func welcome(extra: CInt, until deadline: Deadline) -> Int {
    let word = word(servers: false)
    turn = word >> 3
    guard word & 7 == PipeState.hello.rawValue, Hold.hasTurn(lobby, turn) else {
      turn = 0
      return -Int(EAGAIN)
    }
    var result = tell(.welcome)
    while result == 0, othersState < PipeState.opened.rawValue {
      // Gone, or its word is not its own any more; it may have opened a FIFO: the next gets others.
      guard Hold.hasTurn(lobby, turn), othersState != 0 else {
        result = makeEnds()
        closeEnds()
        if result == 0 { result = beginEnds() }
        turn = 0
        return result < 0 ? result : -Int(EAGAIN)
      }
      result = pause(extra: extra, until: deadline)
      _ = readWatch()
      if result == -Int(ECANCELED), othersState >= PipeState.opened.rawValue { result = 0 }  // it is here, and served
    }
    if result == 0 { spare = closed(spare) }
    return result
  }

  override func accept(extra: CInt, until deadline: Deadline) -> Int {
    var result = input < 0 ? beginEnds() : 0
    while result == 0 {
      let opened = readWatch()
      if opened.contains(.writable) { spare = closed(spare) }
      if !opened.isEmpty || spare < 0 || isOpened() {
        turn = 0  // by hand: a client of ours waits for its welcome
        return 0
      }
      result = welcome(extra: extra, until: deadline)
      if result != -Int(EAGAIN) { return result }
      result = pause(readable: input, extra: extra, until: deadline)
    }
    return result
  }

  /// The lobby last: who holds it owns the names.
  override func remove() {
    guard hasName else { return }
    removeFIFO(path(".in"))
    removeFIFO(path(".out"))
    removeFIFO(path(".new"))
    _ = System.unlink(path(".lock"))
  }

  // MARK: The client

  private func findLobby() -> Int {
    var result = System.open(path(".lock"), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if result < 0 { return Hold.kind(result) }
    lobby = CInt(result)
    result = Hold.check(lobby, S_IFREG, trustsRoot: true)
    if result < 0 { return result }
    guard Hold.isTaken(lobby) else { return -Int(ECONNREFUSED) }
    var head: UInt64 = 0
    let count = System.read(lobby, at: 0, &head)
    if count <= 0 { return count < 0 ? count : -Int(ECONNREFUSED) }  // a server that is about to write it
    return count == MemoryLayout<UInt64>.size && head == PipeLobby.head ? 0 : -Int(LocalError.kind.rawValue)
  }

  override func connect(waits: Bool, until deadline: Deadline) -> Int {
    var result = findLobby()
    if result < 0 { return result }
    result = greet(waits: waits, until: deadline)
    output = take(&result) { openEnd(path(".in"), O_WRONLY, trustsRoot: true) }
    if result == -Int(ENXIO) { result = -Int(ECONNREFUSED) }
    input = take(&result) { openEnd(path(".out"), O_RDONLY, trustsRoot: true) }
    wasOpened = true
    return result < 0 ? result : tell(.opened)
  }

  // MARK: Both

  /// A FIFO that no writer has opened yet reads as one that the last has closed; poll(2) tells them apart.
  private func isOpened() -> Bool { wasOpened || isOpenedNow() }

  /// Apart, as `wait` of a link.
  @inline(never)
  private func isOpenedNow() -> Bool {
    var set: [1 of pollfd] = [pollfd(fd: input, events: Readiness.readable.asked, revents: 0)]
    wasOpened = System.poll(&set, until: Deadline(after: .zero)) > 0
    return wasOpened
  }

  override var needsAttention: Bool { serves && turn == 0 && spare < 0 && !wasOpened }

  /// A reader by hand has gone away, and nobody has come to send: nothing can come or go any more.
  private var isDeserted: Bool {
    guard needsAttention, output >= 0, !isOpenedNow() else { return false }
    var set: [1 of pollfd] = [pollfd(fd: output, events: 0, revents: 0)]
    return System.poll(&set, until: Deadline(after: .zero)) > 0
  }

  private func readSome(_ buffer: inout MutableSpan<UInt8>, after taken: Int) -> Int {
    isOpened() ? System.read(input, &buffer, after: taken) : -Int(EAGAIN)
  }

  override func receive(_ buffer: inout MutableSpan<UInt8>, after taken: Int) -> Int {
    var count = readSome(&buffer, after: taken)
    if count == -Int(EAGAIN) {
      hasEnded = isDeserted
      if hasEnded { return 0 }
      if lives { return count }
      count = readSome(&buffer, after: taken)  // what it sent before it died may have come meanwhile
    }
    if count > 0 || (count < 0 && count != -Int(EAGAIN)) { return count }
    if !othersEndIsTold { return -Int(EOWNERDEAD) }
    hasEnded = true
    return 0
  }

  override func send(_ bytes: Span<UInt8>) -> Int {
    var count = spare < 0 ? System.write(output, bytes) : -Int(EAGAIN)
    if count == -Int(EAGAIN), !lives { count = -Int(EPIPE) }
    return count == -Int(EPIPE) && serves && !othersLeaveIsTold ? -Int(EOWNERDEAD) : count
  }

  override func halfClose() -> Int {
    let result = turn > 0 ? tell(.ended) : 0
    output = closed(output)
    isHalfClosed = true
    return result
  }

  override func leave() -> Int {
    let result = turn > 0 && input >= 0 ? tell(serves ? .ended : .left) : 0
    // Before the former ends close: who opens one by hand never waits for nobody.
    if serves, input >= 0 { makeEnds() }
    closeEnds()
    return result
  }
}
