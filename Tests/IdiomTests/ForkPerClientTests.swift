import CIdioms
import Glibc
import Synchronization
import Testing

@testable import Idioms

/// A server with a child or a thread for each client: C and Swift serve the same.
struct ForkPerClientTests {
  private final class Outcome: Sendable {
    let value = Atomic<CInt>(0)
  }

  /// A server for two clients at a time: a child of this process that runs the C function, or a thread.
  private struct Server: ~Copyable {
    let listener: CInt
    let address: sockaddr_in
    private let child: pid_t
    private let outcome = Outcome()

    init(isC: Bool) throws {
      (listener, address) = try TestSockets.listener()
      // The function changes the signals of its process, which has one thread only.
      child = isC ? fork() : 0
      let (fd, outcome) = (listener, outcome)
      if isC && child == 0 { _exit(-fork_per_client(fd, 2)) }
      if !isC { Background { outcome.value.store(threadPerClient(fd, limit: 2), ordering: .relaxed) }.detach() }
    }

    /// Ends the test, and the server with it.
    func end(_ status: CInt) -> Never {
      if child > 0 { kill(child, SIGKILL) }
      exit(status)
    }

    /// The children of the server that nobody has waited for, or its threads.
    func clients() -> Int {
      let processes = Self.names(child == 0 ? "/proc/self/task" : "/proc")
      if child == 0 { return processes.count }
      return processes.count { name in
        let text = String(decoding: TemporaryFolder.bytes(of: "/proc/\(name)/stat") ?? [], as: UTF8.self)
        // NUMBER (NAME) STATE PARENT
        return text.split(separator: ")").last?.split(separator: " ").dropFirst().first == "\(child)"
      }
    }

    private static func names(_ path: String) -> [String] {
      var names: [String] = []
      _ = listFolder(path) { names.append(String(decoding: $0, as: UTF8.self)) }
      return names
    }

    /// Waits until there are so many clients.
    func waits(for count: Int) -> Bool {
      let end = SuspendingClock.now + .seconds(10)
      while clients() != count {
        if SuspendingClock.now > end { return false }
        _ = poll(nil, 0, 1)
      }
      return true
    }

    /// The result of the function, or 0 as long as it runs.
    func result() -> CInt {
      if child == 0 { return outcome.value.load(ordering: .relaxed) }
      var status: CInt = 0
      return unsafe waitpid(child, &status, WNOHANG) == child ? -WaitStatus(value: status).shellStatus : 0
    }
  }

  private static func echo(_ fd: CInt, _ byte: UInt8) throws -> Bool {
    try TestSockets.write(fd, [byte])
    return try TestSockets.read(fd) == [byte]
  }

  private static func answers(_ fd: CInt, within milliseconds: CInt) -> Bool {
    var wait = pollfd(fd: fd, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&wait, 1, milliseconds) > 0
  }

  @Test(
    "Two clients are served at a time, each is reaped at its end, and a shut listener ends the server",
    arguments: [true, false])
  func serves(isC: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [isC] in
      let server = try Server(isC: isC)
      let idle = server.clients()
      func connect() throws -> CInt { try TestSockets.connected(to: server.address) }
      let (one, two) = (try connect(), try connect())
      guard try ForkPerClientTests.echo(one, 1), try ForkPerClientTests.echo(two, 2) else { server.end(1) }
      guard server.clients() == idle + 2 else { server.end(2) }
      let three = try connect()
      try TestSockets.write(three, [3])
      guard !ForkPerClientTests.answers(three, within: 100), server.clients() == idle + 2 else { server.end(3) }
      close(one)
      guard try TestSockets.read(three) == [3] else { server.end(4) }
      // A reset ends a client, too.
      var linger = linger(l_onoff: 1, l_linger: 0)
      unsafe setsockopt(two, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
      close(two)
      guard server.waits(for: idle + 1) else { server.end(5) }
      shutdown(server.listener, CInt(SHUT_RD))
      guard try ForkPerClientTests.echo(three, 4), server.result() == 0 else { server.end(6) }
      close(three)
      let end = SuspendingClock.now + .seconds(10)
      var result: CInt = 0
      while result == 0, SuspendingClock.now < end {
        _ = poll(nil, 0, 1)
        result = server.result()
      }
      guard result == -EINVAL else { server.end(8) }
      exit(7)
    }
  }

  @Test("A server without descriptors waits, and goes on when it has some") func shortage() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let server = try Server(isC: false)
      let fd = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
      let address = server.address
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      var limit = rlimit()
      unsafe getrlimit(resource, &limit)
      var low = limit
      low.rlim_cur = 0
      guard unsafe setrlimit(resource, &low) == 0 else { exit(1) }
      guard withSocketAddress(address, { unsafe connect(fd, $0, $1) }) == 0 else { exit(2) }
      try TestSockets.write(fd, [1])
      guard !ForkPerClientTests.answers(fd, within: 150), server.result() == 0 else { exit(3) }
      guard unsafe setrlimit(resource, &limit) == 0, try TestSockets.read(fd) == [1] else { exit(4) }
      exit(7)
    }
  }

  @Test("A limit below 1 and a descriptor that does not listen are refused", arguments: [true, false])
  func refusals(isC: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [isC] in
      func serve(_ listener: CInt, _ limit: CInt) -> CInt {
        isC ? fork_per_client(listener, limit) : threadPerClient(listener, limit: limit)
      }
      guard serve(1 << 20, 1) == -EBADF, serve(0, 0) == -EINVAL else { exit(1) }
      let (reader, writer) = try TestSockets.pipe()
      close(writer)
      guard serve(reader, 1) == -ENOTSOCK else { exit(2) }
      exit(7)
    }
  }
}
