// Who holds a local name, and whose turn it is: locks that end with their process.
internal import CLinux
internal import Glibc
internal import IPC

/// The lobby's bytes; see `include/ipc.h`.
enum Hold {
  private static let hold: UInt64 = 0
  private static let turn: UInt64 = 1
  private static let firstTicket: UInt64 = 2

  /// Holds the name. EADDRINUSE: another process does, which is found where that is possible.
  static func take(_ lobby: CInt, _ holder: inout CInt?) -> Int {
    var result = System.lock(lobby, byte: hold)
    holder = result == -Int(EAGAIN) ? findHolder(lobby) : nil
    if result == 0 { result = System.tryLock(lobby) }
    return result == -Int(EAGAIN) ? -Int(EADDRINUSE) : result
  }

  /// Whether somebody else holds the name.
  static func isTaken(_ lobby: CInt) -> Bool { System.isLocked(lobby, hold..<hold + 1) }

  /// Whether the client with that turn has the turn, and lives.
  static func hasTurn(_ lobby: CInt, _ number: UInt64) -> Bool {
    number >= firstTicket && number < UInt64(Int64.max) && System.isLocked(lobby, number..<number + 1)
      && System.isLocked(lobby, turn..<turn + 1)
  }

  /// The process with flock(2) on the file, from /proc/locks: `1: FLOCK  ADVISORY  WRITE 4955 00:14:47958775 0 EOF`.
  private static func findHolder(_ lobby: CInt) -> CInt? {
    var status = stat()
    guard System.status(lobby, &status) == 0, let locks = System.text(ofFile: "/proc/locks") else { return nil }
    for line in locks.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 5, words[1] == "FLOCK", words[3] == "WRITE" else { continue }
      let file = words[5].split(separator: ":")
      guard file.count == 3, let major = UInt32(file[0], radix: 16), let minor = UInt32(file[1], radix: 16),
        System.device(major, minor) == status.st_dev, file[2] == "\(status.st_ino)"
      else { continue }
      return CInt(words[4]).flatMap { $0 > 0 ? $0 : nil }
    }
    return nil
  }

  /// Takes a number. It is the time, so that who comes later has a greater one, and none is given twice.
  private static func takeNumber(_ lobby: CInt, _ number: inout UInt64) -> Int {
    number = System.ticks()
    while true {
      let result = System.lock(lobby, byte: number)
      guard result == -Int(EAGAIN) else { return result }
      number += 1
    }
  }

  /// Waits for the turn, and gives its number. Errors: EBUSY (it is another's, and it does not wait), ECONNREFUSED
  /// (nobody holds the name), ETIMEDOUT.
  static func ticket(_ link: LinkEnd, waits: Bool, until deadline: Deadline) -> Int {
    var number: UInt64 = 0
    var result = takeNumber(link.lobby, &number)
    link.turn = number
    while result == 0 {
      guard isTaken(link.lobby) else { return -Int(ECONNREFUSED) }
      // The lock decides: of two that come at once, one may have looked for lesser numbers before the other had its.
      result =
        System.isLocked(link.lobby, firstTicket..<number) ? -Int(EAGAIN) : System.lock(link.lobby, byte: turn)
      if result != -Int(EAGAIN) { return result }
      result = waits ? link.pause(until: deadline) : -Int(EBUSY)
    }
    return result
  }

  /// A watch that is readable when a descriptor of the file is closed, and when the file is written.
  static func watch(_ lobby: CInt) -> Int {
    let watch = System.createWatch()
    guard watch >= 0 else { return watch }
    let events = UInt32(IN_CLOSE_WRITE) | UInt32(IN_CLOSE_NOWRITE) | UInt32(IN_MODIFY)
    let result = System.watch(CInt(watch), Array("/proc/self/fd/\(lobby)".utf8), events)
    if result >= 0 { return watch }
    _ = System.close(CInt(watch))
    return result
  }

  /// Reads the watch's events.
  static func clear(_ watch: CInt) { while !System.events(watch).isEmpty {} }

  /// Whether what was opened is of that kind (S_IFREG and so on; nil is a queue), private, and ours; or root's.
  static func check(_ descriptor: CInt, _ kind: mode_t?, trustsRoot: Bool) -> Int {
    var status = stat()
    let result = System.status(descriptor, &status)
    if result < 0 { return result }
    if let kind, status.st_mode & S_IFMT != kind { return -Int(LocalError.kind.rawValue) }
    guard status.st_uid == geteuid() || (trustsRoot && status.st_uid == 0) else {
      return -Int(LocalError.owner.rawValue)
    }
    return status.st_mode & (S_IRWXG | S_IRWXO) != 0 ? -Int(LocalError.mode.rawValue) : 0
  }

  /// What the error of opening a lobby is: of a symbolic link, a folder or a socket, `LocalFault.kind`.
  static func kind(_ error: Int) -> Int {
    [ELOOP, EISDIR, ENXIO].contains(CInt(-error)) ? -Int(LocalError.kind.rawValue) : error
  }

  /// Whether a queue or an object that is open still has its name: removed by hand, it is nobody's.
  static func hasName(_ lobby: CInt) -> Bool {
    var status = stat()
    return System.status(lobby, &status) == 0 && status.st_nlink > 0
  }
}

extension LinkEnd {
  /// Whether the other end lives, as far as can be known: a peer by hand holds no lock.
  var lives: Bool { serves ? turn == 0 || Hold.hasTurn(lobby, turn) : Hold.isTaken(lobby) }

  /// What is left until the deadline, and no more than `Limit.life`.
  func slice(_ deadline: Deadline) -> Deadline {
    let left = deadline.duration
    return Deadline(after: left.map { min($0, Limit.peerCheck) } ?? Limit.peerCheck)
  }

  /// Waits for the watch, or a descriptor that is readable, or `Limit.life`. Errors: ECANCELED (`other`), ETIMEDOUT.
  func pause(readable: CInt = -1, extra: CInt = -1, until deadline: Deadline) -> Int {
    let asked = Readiness.readable.asked
    var set: [3 of pollfd] = [
      pollfd(fd: readable, events: asked, revents: 0), pollfd(fd: watch, events: asked, revents: 0),
      pollfd(fd: extra, events: asked, revents: 0),
    ]
    let isPast = deadline.isPast
    let ready = System.poll(&set, until: slice(deadline))
    if ready < 0 { return ready }
    if set[2].revents != 0 { return -Int(ECANCELED) }
    if set[1].revents != 0, !serves { Hold.clear(watch) }
    if ready > 0 { return 0 }
    return isPast ? -Int(ETIMEDOUT) : rest()
  }
}

extension LinkSizes {
  var withoutZeros: LinkSizes {
    LinkSizes(
      message: message == 0 ? Limit.defaultQueueMessage : message, depth: depth == 0 ? Limit.defaultQueueDepth : depth,
      ring: ring == 0 ? Limit.defaultRing : ring)
  }
}
