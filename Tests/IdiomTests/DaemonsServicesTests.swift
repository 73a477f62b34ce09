import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// What a daemon uses from its system: C and Swift give the same values.
struct DaemonsServicesTests {
  let folder = TemporaryFolder()

  /// A name of this process, which no other test uses.
  private static func name(_ word: String) -> String { "/idioms-\(getpid())-\(word)" }

  static let hasQueues: Bool = {
    let name = Self.name("probe")
    let queue = createQueue(name)
    defer { unsafe mq_unlink(name) }
    return queue >= 0 && close(queue) == 0
  }()

  @Test(
    "Messages come in the order of their priorities", .enabled(if: hasQueues, "the kernel allows no queue"),
    arguments: [false, true])
  func queueMessages(swift: Bool) throws {
    let name = Self.name("queue-\(swift)")
    let queue = unsafe swift ? createQueue(name) : create_queue(name)
    try #require(queue >= 0)
    defer { close(queue) }
    #expect(unsafe create_queue(name) == -EEXIST && createQueue(name) == -EEXIST)
    #expect(unsafe mq_unlink(name) == 0)
    #expect(unsafe create_queue("none") == -EINVAL && createQueue("none") == -EINVAL)
    let send = { (bytes: [UInt8], priority: CUnsignedInt) in
      unsafe swift
        ? queueMessage(queue, bytes.span, priority: priority) : queue_message(queue, bytes, bytes.count, priority)
    }
    for (bytes, priority) in [([1], 1), ([], 5), ([2, 200], 1)] as [([UInt8], CUnsignedInt)] {
      #expect(send(bytes, priority) == 0)
    }
    #expect(send([UInt8](repeating: 0, count: 65), 0) == -EMSGSIZE)
    for (bytes, priority) in [([], 5), ([1], 1), ([2, 200], 1)] as [([UInt8], CUnsignedInt)] {
      let received = receive(queue, swift)
      #expect(received.bytes == bytes && received.priority == priority)
    }
    #expect(receive(queue, swift).error == -EAGAIN)
    for _ in 0..<8 { #expect(send([UInt8](repeating: 9, count: 64), 0) == 0) }
    #expect(send([9], 0) == -EAGAIN)
    #expect(receive(queue, swift).bytes.count == 64)
  }

  private func receive(_ queue: CInt, _ swift: Bool) -> (bytes: [UInt8], priority: CUnsignedInt, error: CInt) {
    if swift {
      var error: CInt = 0
      let message = nextMessage(queue, error: &error)
      return (message?.bytes ?? [], message?.priority ?? 0, error)
    }
    var bytes = [UInt8](repeating: 0, count: 64)
    var priority: CUnsignedInt = 0
    let n = unsafe next_message(queue, &bytes, &priority)
    return (Array(bytes.prefix(max(n, 0))), priority, CInt(min(n, 0)))
  }

  @Test("C and Swift share a semaphore, and take no more slots than there are") func namedSemaphore() throws {
    let name = Self.name("slots")
    defer { unsafe sem_unlink(name) }
    var error: CInt = 0
    guard let swift = SharedSlots(name, count: 2, error: &error) else {
      Issue.record("sem_open: \(error)")
      return
    }
    // The count of a semaphore that exists is ignored.
    let c = unsafe try #require(open_slots(name, 9))
    defer { unsafe sem_close(c) }
    #expect(unsafe take_slot(c, 0) == 0 && swift.take(seconds: 0) == 0)
    #expect(unsafe take_slot(c, 0) == -ETIMEDOUT && swift.take(seconds: 0) == -ETIMEDOUT)
    #expect(unsafe give_slot(c) == 0 && swift.take(seconds: 10) == 0)
    #expect(unsafe swift.give() == 0 && take_slot(c, 10) == 0)
    #expect(SharedSlots("/a/b", count: 1, error: &error) == nil && error == -EINVAL)
    #expect(unsafe open_slots("/a/b", 1) == nil && errno == EINVAL)
  }

  @Test("Random bytes differ, and random numbers are below the limit and reach each value") func randomBytes() {
    var c = [UInt8](repeating: 0, count: 300)
    #expect(unsafe random_bytes(&c, 300) == 0)
    let swift = Idioms.randomBytes(300)
    // 256 equal or 300 zero bytes have no measurable chance.
    #expect(swift.count == 300 && c != swift && Set(c).count > 100 && Set(swift).count > 100)
    #expect(Idioms.randomBytes(0) == [])
    let numbers = (0..<500).map { _ in random_below(5) }
    #expect(Set(numbers) == Set(0..<5) && Set((0..<500).map { _ in randomBelow(5) }) == Set(0..<5))
    #expect(random_below(1) == 0 && randomBelow(1) == 0)
  }

  @Test("An empty range of random numbers ends the process") func emptyRange() async {
    await #expect(processExitsWith: .failure) { _ = randomBelow(UInt32(getpid() * 0)) }
  }

  @Test("A function of a library is called, and a missing one is an error") func loadLibrary() {
    let calls: [(String, String, CInt)] = [
      ("libm.so.6", "cos", 0), ("libm.so.6", "no_such_function", -ENOSYS), ("libnone.so.6", "cos", -ENOENT),
    ]
    for (library, name, expected) in calls {
      var (c, swift) = (7.0, 7.0)
      #expect(unsafe call_library(library, name, 0, &c) == expected)
      #expect(callLibrary(library, name, 0, result: &swift) == expected)
      #expect(c == swift && c == (expected == 0 ? 1 : 7))
    }
  }

  @Test("A cast of a pointer to a function ends the process") func castSymbol() async {
    await #expect(processExitsWith: .failure) {
      let symbol: Any = unsafe dlsym(dlopen("libm.so.6", RTLD_NOW)!, "cos")!
      _ = (symbol as! @convention(c) (Double) -> Double)(0)
    }
  }

  @Test("A state is sent to a socket of a path and of an abstract name", arguments: [false, true])
  func notifySupervisor(isAbstract: Bool) throws {
    let name = isAbstract ? "@idioms-\(getpid())" : folder.file("notify")
    let supervisor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(supervisor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var path = Array(name.utf8)
    if isAbstract { path[0] = 0 }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let bound = unsafe withUnsafePointer(to: address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(supervisor, address, socklen_t(2 + path.count))
      }
    }
    try #require(bound == 0)
    #expect(unsafe notify_supervisor(name, "READY=1") == 1)
    #expect(try TestSockets.read(supervisor) == Array("READY=1".utf8))
    #expect(Idioms.notifySupervisor(name, "STOPPING=1") == 1)
    #expect(try TestSockets.read(supervisor) == Array("STOPPING=1".utf8))
  }

  @Test(
    "Without a supervisor nothing is sent, and a wrong name is an error",
    arguments: [
      (nil, 0), ("", 0), ("/none/notify", -ENOENT), ("@none", -ECONNREFUSED),
      (String(repeating: "n", count: 107), -ENOENT), (String(repeating: "n", count: 108), -ENAMETOOLONG),
    ] as [(String?, CInt)])
  func noSupervisor(name: String?, expected: CInt) {
    #expect(unsafe notify_supervisor(name, "READY=1") == expected)
    #expect(Idioms.notifySupervisor(name, "READY=1") == expected)
  }
}
