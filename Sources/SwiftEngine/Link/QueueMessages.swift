// Two named queues, and messages with a head.
internal import Glibc
internal import IPC
internal import SystemPackage

/// `enum ipc_message_kind`.
enum MessageKind: UInt16 {
  case hello = 1
  case welcome, data, ended, closed, reset
}

/// `struct ipc_message_head`, in the machine's byte order: little-endian.
struct MessageHead {
  static let size = 16
  private static let magic: UInt32 = 0x5143_5049
  private static let version: UInt16 = 1

  let kind: MessageKind
  let ticket: UInt64

  init(_ kind: MessageKind, ticket: UInt64) { (self.kind, self.ticket) = (kind, ticket) }

  /// Returns nil if the message is not valid.
  init?(_ message: borrowing Message, length: Int) {
    guard length >= Self.size, message[0] == Self.magic, message[4] == Self.version,
      let kind = MessageKind(rawValue: message[6]), (length > Self.size) == (kind == .data)
    else { return nil }
    self.init(kind, ticket: message[8])
  }

  func write(to message: Message) {
    message[0] = Self.magic
    message[4] = Self.version
    message[6] = kind.rawValue
    message[8] = ticket
  }
}

/// The queues of one end, and the message that came last.
final class QueueMessages {
  private let prefix: [UInt8]
  private let lock: NameLock
  private(set) var sizes: LinkSizes
  /// The queues to receive from and to send to. One of them is the rendezvous, which the lock owns.
  private(set) var input: CInt = -1
  private(set) var output: CInt = -1
  /// The other one.
  private var answers: Descriptor?
  /// The unread bytes of the message that came last.
  private(set) var rest = 0..<0
  private let incoming = Message()
  /// Of a client whose hello came during a conversation, or 0.
  var nextTicket: UInt64 = 0

  init(_ name: [UInt8], _ sizes: LinkSizes, _ lock: NameLock) {
    (prefix, self.sizes, self.lock) = (name, sizes, lock)
  }

  func name(_ suffix: String) -> [UInt8] { prefix + Array(suffix.utf8) }

  // MARK: Messages

  private let outgoing = Message()

  /// A message that does not fit into the queue or the buffer: the queue is not the one that was checked.
  private func checkSize(_ result: Int) -> Int { result == -Int(EMSGSIZE) ? -Int(EBADMSG) : result }

  /// Returns false if it would block.
  func send(_ kind: MessageKind, _ bytes: Span<UInt8> = Span()) throws(Cause) -> Bool {
    MessageHead(kind, ticket: lock.ticket).write(to: outgoing)
    outgoing.put(bytes, at: MessageHead.size)
    return try Cause.ready(checkSize(outgoing.send(to: output, MessageHead.size + bytes.count))) != nil
  }

  /// Receives a message into the buffer; returns nil if it would block.
  /// - Throws: EBADMSG if the message is not valid.
  func receive() throws(Cause) -> MessageHead? {
    rest = 0..<0
    guard let count = try Cause.ready(checkSize(incoming.receive(from: input))) else { return nil }
    guard let head = MessageHead(incoming, length: count) else { throw .system(.badMessage) }
    rest = MessageHead.size..<count
    return head
  }

  /// Moves unread bytes to `buffer`, behind the bytes before `offset`.
  func read(into buffer: inout MutableSpan<UInt8>, at offset: Int) -> Int {
    let count = min(rest.count, buffer.count - offset)
    incoming.give(rest.lowerBound..<rest.lowerBound + count, to: &buffer, after: offset)
    rest = rest.lowerBound + count..<rest.upperBound
    return count
  }

  /// Drops the unread bytes.
  func dropRest() { rest = 0..<0 }

  /// Whether the peer of this conversation has closed. Drops the data before its last message: no process answers it.
  func hasClosed() -> Bool {
    defer { dropRest() }
    while let head = try? receive() {
      if head.ticket != lock.ticket {
        if head.kind == .hello { nextTicket = head.ticket }
        return false
      }
      if head.kind == .closed || head.kind == .reset { return true }
    }
    return false
  }

  /// Drops the messages in a queue, at most as many as fit into it, so that a fast sender can't keep the caller here.
  func discard(_ queue: CInt) {
    var left = sizes.depth
    while left > 0, incoming.receive(from: queue) >= 0 { left -= 1 }
  }

  /// Allocates the buffers.
  /// - Throws: ENOMEM.
  func allocate() throws(Cause) {
    try incoming.resize(to: sizes.message)
    try outgoing.resize(to: sizes.message)
  }

  // MARK: Queues

  private func isAbove(_ path: String, _ value: Int) -> Bool {
    guard let text = System.text(ofFile: path), let limit = Int(text.prefix { $0.isNumber }) else { return false }
    return value > limit
  }

  /// The error of creating a queue, as the limit of the system that it exceeds.
  private func limitError(_ error: Cause) -> Cause {
    switch error {
    case .system(.invalidArgument) where isAbove("/proc/sys/fs/mqueue/msg_max", sizes.depth): .local(.depth)
    case .system(.invalidArgument) where isAbove("/proc/sys/fs/mqueue/msgsize_max", sizes.message): .local(.message)
    case .system(.noSpace): .local(.queues)
    // Too many descriptors, or too many of the user's bytes in queues.
    case .system(.tooManyOpenFiles) where System.text(ofFile: "/proc/sys/fs/mqueue/queues_max") != nil: .local(.bytes)
    case .system(.overflow): .local(.bytes)
    default: error
    }
  }

  /// - Throws: EEXIST, `LocalError`.
  private func create(_ name: [UInt8]) throws(Cause) -> Descriptor {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC
    do {
      let queue = try Descriptor(System.makeQueue(name, flags, S_IRUSR | S_IWUSR, sizes))
      _ = System.setMode(queue.number, S_IRUSR | S_IWUSR)  // the umask may have removed some
      return queue
    } catch {
      throw limitError(error)
    }
  }

  /// Opens a queue, and checks that it can be trusted.
  private func open(_ name: [UInt8], _ flags: CInt) throws(Cause) -> Descriptor {
    let queue = try Descriptor(System.openQueue(name, flags | O_NONBLOCK | O_CLOEXEC))
    try lock.check(queue.number, nil)
    return queue
  }

  /// Removes a queue that is our own.
  func unlink(_ suffix: String) { _ = System.unlinkQueue(name(suffix)) }

  /// Removes a queue of this name, if it is our own.
  private func remove(_ name: [UInt8]) throws(Cause) {
    do {
      _ = try open(name, O_RDWR)
      try Cause.check(System.unlinkQueue(name))
    } catch {
      guard error == .system(.noSuchFileOrDirectory) else { throw error }
    }
  }

  // MARK: A server's and a client's queues

  /// Opens the rendezvous, or returns nil if it has been removed meanwhile.
  private func openLeftover() throws(Cause) -> Descriptor? {
    do { return try open(name(".in"), O_RDWR) } catch {
      guard error == .system(.noSuchFileOrDirectory) else { throw error }
      return nil
    }
  }

  /// Creates and locks the rendezvous. A server that finds an old one locks it, removes it, and retries; another server
  /// that has the old one open sees that it has lost its name, and retries as well.
  func claimName() throws(Cause) {
    while true {
      var queue: Descriptor?
      var isNew = true
      do { queue = try create(name(".in")) } catch {
        guard error == .system(.fileExists) else { throw error }
        isNew = false
        queue = try openLeftover()
      }
      guard let queue else { continue }
      try lock.acquireServer(queue) { if isNew { try? remove(name(".in")) } }
      let isOwner = lock.hasName
      if isOwner, isNew {
        input = lock.number
        return
      }
      defer { lock.drop() }
      if isOwner {
        try remove(name(".out"))
        try remove(name(".in"))
      }
    }
  }

  /// Creates a server's queue to send to.
  func createAnswers() throws(Cause) {
    try remove(name(".out"))
    answers = try create(name(".out"))
    output = answers?.number ?? -1
  }

  /// Opens a client's queues.
  /// - Throws: ECONNREFUSED, `LocalError`.
  func find() throws(Cause) {
    lock.open(try open(name(".in"), O_RDWR))
    output = lock.number
    guard lock.hasServer else { throw .system(.connectionRefused) }
    do { answers = try open(name(".out"), O_RDONLY) } catch {
      // ENOENT: the server is about to create it.
      throw error == .system(.noSuchFileOrDirectory) ? .system(.connectionRefused) : error
    }
    input = answers?.number ?? -1
    var (found, other) = (LinkSizes(), LinkSizes())
    try Cause.check(System.sizes(ofQueue: input, &found))
    try Cause.check(System.sizes(ofQueue: output, &other))
    guard found.message == other.message, Limit.queueMessage.contains(found.message) else { throw .local(.kind) }
    sizes = found
    try allocate()
  }
}
