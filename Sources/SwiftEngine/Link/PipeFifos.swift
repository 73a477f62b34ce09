// What a pipe is made of: its FIFOs, and the words of its lobby.
internal import CLinux
internal import Glibc
internal import IPC

/// How far an end is: the states of `enum ipc_pipe_state`.
enum PipeState: UInt64 {
  case hello = 1
  case welcome, opened, ended, left
}

/// The lobby's layout, `struct ipc_pipe_rendezvous`: two numbers of 32 bits, then the words.
enum PipeLobby {
  static let magic: UInt32 = 0x5043_5049
  static let version: UInt32 = 1
  static let head = UInt64(version) << 32 | UInt64(magic)
  static let clientOffset = 8
  static let serverOffset = 16
  static let size = 24

  /// As a server makes it, at once: what is there in part is no lobby.
  struct Fresh: BitwiseCopyable {
    let head = PipeLobby.head
    let client: UInt64 = 0
    let server: UInt64 = 0
  }
}

extension LinkEnd {
  // MARK: The lobby's words

  /// The server's or the client's word in the lobby, of a pipe or of shared memory.
  func word(servers: Bool) -> UInt64 {
    var word: UInt64 = 0
    let count = System.read(lobby, at: servers ? PipeLobby.serverOffset : PipeLobby.clientOffset, &word)
    return count == MemoryLayout<UInt64>.size ? word : 0
  }

  /// Writes this end's word.
  func tell(_ state: PipeState) -> Int {
    let offset = serves ? PipeLobby.serverOffset : PipeLobby.clientOffset
    return System.write(lobby, at: offset, turn << 3 | state.rawValue)
  }

  /// How far the other end says that it is, in this turn; 0 is nothing.
  var othersState: UInt64 {
    let word = word(servers: !serves)
    return word >> 3 == turn ? word & 7 : 0
  }

  /// A client's turn, its hello, and the server's welcome: waits for each within the time. Errors: EBUSY, ECONNREFUSED
  /// (nobody holds the name any more), ETIMEDOUT.
  func greet(waits: Bool, until deadline: Deadline) -> Int {
    watch = CInt(Hold.watch(lobby))  // without one, it is looked every `Limit.life`
    var result = Hold.ticket(self, waits: waits, until: deadline)
    if result == 0 { result = tell(.hello) }
    while result == 0, othersState != PipeState.welcome.rawValue {
      result = Hold.isTaken(lobby) ? pause(until: deadline) : -Int(ECONNREFUSED)
    }
    return result
  }

  /// Whether the other end told its end before its FIFO's.
  var othersEndIsTold: Bool { turn == 0 || othersState >= PipeState.ended.rawValue }

  /// Whether it told that it takes nothing any more.
  var othersLeaveIsTold: Bool { turn == 0 || othersState >= PipeState.left.rawValue }

  /// The next number, unless something has failed before; -1 is none.
  func take(_ result: inout Int, _ body: () -> Int) -> CInt {
    if result >= 0 { result = body() }
    return result < 0 ? -1 : CInt(result)
  }
}

extension PipeEnd {
  func path(_ suffix: String) -> [UInt8] { name + Array(suffix.utf8) }

  /// Whether the lobby that is open still has its name: removed by hand, it may be another's.
  var hasName: Bool {
    var (now, held) = (stat(), stat())
    return System.status(path(".lock"), &now) == 0 && System.status(lobby, &held) == 0 && now.st_dev == held.st_dev
      && now.st_ino == held.st_ino
  }

  // MARK: The FIFOs

  /// Removes what stands under the name, if it is a FIFO of ours. Errors: `LocalFault`.
  @discardableResult
  func removeFIFO(_ path: [UInt8]) -> Int {
    var status = stat()
    var result = System.status(path, &status)
    if result < 0 { return result == -Int(ENOENT) ? 0 : result }
    guard status.st_mode & S_IFMT == S_IFIFO else { return -Int(LocalError.kind.rawValue) }
    guard status.st_uid == geteuid() else { return -Int(LocalError.owner.rawValue) }
    result = System.unlink(path)
    return result == -Int(ENOENT) ? 0 : result
  }

  /// Makes a FIFO in the place of one of ours, so that a name is never without one.
  private func makeFIFO(_ path: [UInt8]) -> Int {
    let fresh = self.path(".new")
    var status = stat()
    var result = removeFIFO(fresh)
    if result == 0, System.status(path, &status) == 0 {
      if status.st_mode & S_IFMT != S_IFIFO { return -Int(LocalError.kind.rawValue) }
      if status.st_uid != geteuid() { return -Int(LocalError.owner.rawValue) }
    }
    if result == 0 { result = System.makeFIFO(fresh, S_IRUSR | S_IWUSR) }
    return result < 0 ? result : System.rename(fresh, path)
  }

  /// Opens a FIFO, and looks whether it is one to be trusted.
  func openEnd(_ path: [UInt8], _ flags: CInt, trustsRoot: Bool) -> Int {
    let result = System.open(path, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    if result < 0 { return result == -Int(ELOOP) ? -Int(LocalError.kind.rawValue) : result }
    let error = Hold.check(CInt(result), S_IFIFO, trustsRoot: trustsRoot)
    if error < 0 { _ = System.close(CInt(result)) }
    return error < 0 ? error : result
  }

  private func watchFIFO(_ path: [UInt8]) -> Int {
    System.watch(watch, path, UInt32(IN_OPEN) | UInt32(IN_DONT_FOLLOW))
  }

  func closeEnds() {
    output = closed(output)
    input = closed(input)
    spare = closed(spare)
  }

  /// New FIFOs for each client: whoever still has the former ones open, or was killed with bytes in them, shares nothing
  /// with the next. Errors: ESTALE (the names may be another's), `LocalFault`.
  @discardableResult
  func makeEnds() -> Int {
    var result = hasName ? makeFIFO(path(".in")) : -Int(ESTALE)
    if result == 0 { result = makeFIFO(path(".out")) }
    isFresh = result == 0
    return result
  }

  /// Whether somebody reads what the server sends: its own reader goes for the length of the question. A reader by hand may
  /// have come before the FIFO was watched.
  private func lookForReader(_ outgoing: [UInt8]) -> Int {
    var set: [1 of pollfd] = [pollfd(fd: output, events: Readiness.writable.asked, revents: 0)]
    spare = closed(spare)
    var result = System.poll(&set, until: Deadline(after: .zero))
    if result >= 0, CInt(set[0].revents) & POLLERR != 0 {
      spare = take(&result) { openEnd(outgoing, O_RDONLY, trustsRoot: false) }
    }
    return result
  }

  /// A reader by hand that comes between the look for one and the watch is told by nothing: now and then it is looked again.
  func lookAgain() -> Int {
    guard spare >= 0, hasName else { return 0 }
    let outgoing = path(".out")
    System.unwatch(watch, watchedOutput)
    var result = lookForReader(outgoing)
    watchedOutput = take(&result) { watchFIFO(outgoing) }
    return min(0, result)
  }

  /// Opens the server's ends of new FIFOs: both of what it sends, the reader so that it may open the writer; it keeps that
  /// until there is another one.
  func beginEnds() -> Int {
    let (incoming, outgoing) = (path(".in"), path(".out"))
    var result = isFresh ? 0 : makeEnds()
    (wasOpened, isFresh) = (false, false)
    input = take(&result) { openEnd(incoming, O_RDONLY, trustsRoot: false) }
    spare = take(&result) { openEnd(outgoing, O_RDONLY, trustsRoot: false) }
    output = take(&result) { openEnd(outgoing, O_WRONLY, trustsRoot: false) }
    // Before the watch, which would tell of our own opening.
    if result >= 0 { result = lookForReader(outgoing) }
    watchedInput = take(&result) { watchFIFO(incoming) }
    watchedOutput = take(&result) { watchFIFO(outgoing) }
    if result < 0 { closeEnds() }
    return min(0, result)
  }
}
