// What a queue is made of: named queues, and messages with a head.
internal import Glibc
internal import IPC

/// What a message is, `enum ipc_message_kind`.
enum MessageKind: UInt16 {
  case hello = 1
  case welcome, data, ended, left, reset
}

/// The head of a message, `struct ipc_message_head`, in the machine's byte order: little-endian.
struct MessageHead {
  static let size = 16
  private static let magic: UInt32 = 0x5143_5049
  private static let version: UInt16 = 1

  let kind: MessageKind
  let turn: UInt64

  init(_ kind: MessageKind, turn: UInt64) { (self.kind, self.turn) = (kind, turn) }

  /// nil where a message of that length is none of the layout.
  init?(_ message: borrowing Message, length: Int) {
    guard length >= Self.size, message[0] == Self.magic, message[4] == Self.version,
      let kind = MessageKind(rawValue: message[6]), (length > Self.size) == (kind == .data)
    else { return nil }
    self.init(kind, turn: message[8])
  }

  func write(to message: Message) {
    message[0] = Self.magic
    message[4] = Self.version
    message[6] = kind.rawValue
    message[8] = turn
  }
}

extension QueueEnd {
  func queueName(_ suffix: String) -> [UInt8] { name + Array(suffix.utf8) }

  // MARK: Messages

  /// Sends a message without bytes. Errors: EAGAIN.
  func post(_ kind: MessageKind) -> Int {
    MessageHead(kind, turn: turn).write(to: outgoing)
    return outgoing.send(to: output, MessageHead.size)
  }

  /// Receives a message into the buffer. Errors: EAGAIN, EBADMSG: it is none of the layout.
  func take(_ head: inout MessageHead?) -> Int {
    rest = 0..<0
    let count = message.receive(from: input)
    if count < 0 { return count }
    head = MessageHead(message, length: count)
    if head == nil { return -Int(EBADMSG) }
    rest = MessageHead.size..<count
    return 0
  }

  /// Takes what stands in a queue; no more, however fast somebody fills it.
  func empty(_ queue: CInt) {
    var left = sizes.depth
    while left > 0, message.receive(from: queue) >= 0 { left -= 1 }
  }

  /// Waits until a message can be sent, and no longer than `Limit.life`.
  func awaitRoom(in queue: CInt) {
    var set: [1 of pollfd] = [pollfd(fd: queue, events: Readiness.writable.asked, revents: 0)]
    _ = System.poll(&set, until: Deadline(after: Limit.peerCheck))
  }

  /// Room for a message that comes and one that goes.
  func makeBuffers() {
    message.resize(to: sizes.message)
    outgoing.resize(to: sizes.message)
  }

  // MARK: Queues

  private func isAbove(_ path: String, _ value: Int) -> Bool {
    guard let text = System.text(ofFile: path), let limit = Int(text.prefix { $0.isNumber }) else { return false }
    return value > limit
  }

  /// Which of the system's limits an error is of.
  private func limit(_ error: Int) -> Int {
    switch -error {
    case Int(EINVAL) where isAbove("/proc/sys/fs/mqueue/msg_max", sizes.depth): -Int(LocalError.depth.rawValue)
    case Int(EINVAL) where isAbove("/proc/sys/fs/mqueue/msgsize_max", sizes.message): -Int(LocalError.message.rawValue)
    case Int(ENOSPC): -Int(LocalError.queues.rawValue)
    // Of descriptors, or of the user's bytes in queues?
    case Int(EMFILE):
      System.text(ofFile: "/proc/sys/fs/mqueue/queues_max") == nil ? error : -Int(LocalError.bytes.rawValue)
    case Int(EOVERFLOW): -Int(LocalError.bytes.rawValue)
    default: error
    }
  }

  /// Makes a queue that was not there. Errors: EEXIST, `LocalFault`.
  func makeQueue(_ name: [UInt8]) -> Int {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC
    let result = System.makeQueue(name, flags, S_IRUSR | S_IWUSR, sizes)
    if result >= 0 { _ = System.setMode(CInt(result), S_IRUSR | S_IWUSR) }  // whatever the umask has left of it
    return result < 0 ? limit(result) : result
  }

  /// Opens a queue, and looks whether it is one to be trusted.
  func openQueue(_ name: [UInt8], _ flags: CInt, trustsRoot: Bool) -> Int {
    let result = System.openQueue(name, flags | O_NONBLOCK | O_CLOEXEC)
    if result < 0 { return result }
    let error = Hold.check(CInt(result), nil, trustsRoot: trustsRoot)
    if error < 0 { _ = System.close(CInt(result)) }
    return error < 0 ? error : result
  }

  /// Removes a queue of ours, if there is one.
  func removeQueue(_ name: [UInt8]) -> Int {
    let queue = openQueue(name, O_RDWR, trustsRoot: false)
    if queue < 0 { return queue == -Int(ENOENT) ? 0 : queue }
    _ = System.close(CInt(queue))
    let result = System.unlinkQueue(name)
    return result == -Int(ENOENT) ? 0 : result
  }
}
