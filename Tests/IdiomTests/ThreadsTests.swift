import CIdioms
import Glibc
import Synchronization
import Testing

@testable import Idioms

/// Threads, globals and callbacks: C and Swift give the same values.
struct ThreadsTests {
  let folder = TemporaryFolder()

  @Test("A thread echoes all input, and closes the descriptor", arguments: [false, true])
  func startThread(swift: Bool) throws {
    let (client, server) = try TestSockets.pair()
    var thread = pthread_t()
    #expect(unsafe (swift ? echoInThread(server, &thread) : echo_in_thread(server, &thread)) == 0)
    for text in ["one", "two"] {
      try TestSockets.write(client, Array(text.utf8))
      #expect(try TestSockets.read(client) == Array(text.utf8))
    }
    shutdown(client, CInt(SHUT_WR))
    #expect(try TestSockets.read(client) == [])
    pthread_join(thread, nil)
    close(client)
  }

  @Test("A table has each session once, and no more than its limit") func lockedTable() {
    var c = unsafe session_table()
    unsafe session_table_init(&c)
    let swift = SessionTable()
    let add: [(CInt, CInt)] = [(7, 1), (8, 2), (7, -EEXIST), (9, 3)]
    for (id, expected) in add { #expect(unsafe session_add(&c, id) == expected && swift.add(id) == expected) }
    let remove: [(CInt, CInt)] = [(7, 2), (7, -ENOENT), (9, 1), (8, 0), (8, -ENOENT)]
    for (id, expected) in remove { #expect(unsafe session_remove(&c, id) == expected && swift.remove(id) == expected) }
    for id: CInt in 1...64 { #expect(unsafe session_add(&c, id) == id && swift.add(id) == id) }
    #expect(unsafe session_add(&c, 65) == -ENOSPC && swift.add(65) == -ENOSPC)
    unsafe pthread_mutex_destroy(&c.lock)
  }

  @Test("Threads that add at the same time lose no session") func sharedTable() {
    let table = SessionTable()
    let add = { @Sendable (first: CInt) in for id in first..<(first + 16) { #expect(table.add(id) > 0) } }
    let a = Background { add(0) }
    let b = Background { add(100) }
    let c = Background { add(200) }
    add(300)
    a.join()
    b.join()
    c.join()
    #expect(table.add(999) == -ENOSPC)
  }

  @Test("A mutex that a thread locks twice ends the process") func recursiveMutex() async {
    await #expect(processExitsWith: .failure) {
      let value = Mutex(0)
      // Without the check of the mutex the alarm ends the process with success.
      signal(SIGALRM) { _ in _exit(0) }
      alarm(10)
      value.withLock { _ in value.withLock { $0 += 1 } }
    }
  }

  @Test("Jobs are taken in their order, and a wait for one ends") func waitCondition() {
    var c = unsafe job_queue()
    unsafe job_queue_init(&c)
    let swift = JobQueue()
    for job: CInt in 0..<64 { #expect(unsafe job_put(&c, job) == 0 && swift.put(job) == 0) }
    #expect(unsafe job_put(&c, 64) == -ENOBUFS && swift.put(64) == -ENOBUFS)
    for job: CInt in 0..<64 { #expect(unsafe job_take(&c, 0) == job && swift.take(milliseconds: 0) == job) }
    for time in [0, 20] {
      #expect(unsafe job_take(&c, CInt(time)) == -ETIMEDOUT && swift.take(milliseconds: time) == -ETIMEDOUT)
    }
    unsafe pthread_cond_destroy(&c.filled)
    unsafe pthread_mutex_destroy(&c.lock)
  }

  @Test("A waiting thread gets the job that another one puts") func waitForJob() {
    let (jobs, results) = (JobQueue(), JobQueue())
    let worker = Background { for _ in 0..<100 { _ = results.put(jobs.take(milliseconds: 10_000)) } }
    for job: CInt in 0..<100 {
      #expect(jobs.put(job) == 0)
      #expect(results.take(milliseconds: 10_000) == job)
    }
    worker.join()
  }

  @Test("Global counters count alike, and the totals of a thread are whole") func globalCounter() {
    for expected: Int32 in [1, 2] { #expect(client_began() == expected && clientBegan() == expected) }
    for expected: Int32 in [1, 0, -1] { #expect(client_ended() == expected && clientEnded() == expected) }
    let c = traffic_add(5, -1)
    #expect(c.received == 5 && c.sent == -1)
    #expect(trafficAdd(received: 5, sent: -1) == Traffic(received: 5, sent: -1))
    let add = { @Sendable in
      for _ in 0..<1000 {
        let total = trafficAdd(received: 1, sent: 1)
        #expect(total.received - total.sent == 6)
      }
    }
    let thread = Background { add() }
    add()
    thread.join()
    #expect(trafficAdd(received: 0, sent: 0) == Traffic(received: 2005, sent: 1999))
  }

  @Test("An atomic number that overflows ends the process, unless it may wrap") func overflow() async {
    let number = Atomic<Int32>(.max)
    #expect(number.wrappingAdd(1, ordering: .relaxed).newValue == .min)
    await #expect(processExitsWith: .failure) { Atomic<Int32>(.max).add(1, ordering: .relaxed) }
  }

  @Test("A variable of a function keeps its value, and the text of Swift is not overwritten") func staticLocal() {
    let first = unsafe connection_name()
    let copy = unsafe String(cString: first)
    let (one, two) = (connectionName(), connectionName())
    #expect(unsafe String(cString: connection_name()) == "connection 2")
    #expect(unsafe String(cString: first) == "connection 2" && copy == "connection 1")
    #expect(one == "connection 1" && two == "connection 2")
  }

  @Test("Each thread has its own variable") func threadLocal() {
    for _ in 0..<2 {
      let thread = Background {
        for expected: UInt32 in 1...3 { #expect(thread_calls() == expected && threadCalls() == expected) }
      }
      thread.join()
    }
  }

  @Test("A callback finds its context", arguments: [[], [0], [0, 1, 2, 3], [3, 1, 0, 2], [2, 2, 1]] as [[CInt]])
  func callbackContext(clients: [CInt]) {
    let bytes = [40, -1, .max, 7]
    var (c, swift) = (clients, clients)
    let comparisons = unsafe rank_clients(&c, clients.count, bytes)
    #expect(rankClients(&swift, bytes: bytes) == comparisons)
    let order: [CInt] = [2, 0, 3, 1]
    #expect(c == swift && c == clients.sorted { order.firstIndex(of: $0)! < order.firstIndex(of: $1)! })
  }

  @Test(
    "A command is found by its name",
    arguments: [
      ("ping", "pong"), ("ping x", "pong"), ("echo a b", "a b"), ("echo", ""), ("echo  x", " x"), ("length äb", "3"),
      ("pin", nil), ("pings", nil), ("", nil), (" ping", nil), ("PING", nil),
    ] as [(String, String?)])
  func dispatchTable(line: String, reply: String?) {
    var text = [CChar](repeating: 1, count: 16)
    let length = unsafe run_command(line, &text, text.count)
    #expect(runCommand(line) == reply)
    #expect(length == reply.map { CInt($0.utf8.count) } ?? -ENOSYS)
    if length >= 0 { #expect(unsafe String(cString: &text) == reply) }
    #expect(unsafe run_command("echo 1234567890123456", &text, text.count) == -ENOBUFS)
  }

  @Test("Records are in the order of their bytes, then of their names") func sortRecords() {
    let records = [("b", 1), ("c", 5_000_000_000), ("a", 1), ("d", -5_000_000_000), ("", 1)]
    var c = records.map { name, bytes in
      var record = client_record()
      record.bytes = bytes
      unsafe withUnsafeMutableBytes(of: &record.name) { unsafe $0.copyBytes(from: name.utf8) }
      return record
    }
    unsafe sort_records(&c, c.count)
    var swift = records.map { ClientRecord(name: $0, bytes: $1) }
    Idioms.sortRecords(&swift)
    #expect(swift.map(\.name) == ["c", "", "a", "b", "d"] && swift.map(\.bytes) == c.map(\.bytes))
    let names = c.map { record in
      unsafe withUnsafeBytes(of: record.name) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    #expect(swift.map(\.name) == names)
  }

  @Test("A difference of two numbers that is no Int32 ends the process") func difference() async {
    await #expect(processExitsWith: .failure) {
      let (left, right) = (5_000_000_000 + Int(getpid()), 1)
      if CInt(right - left) < 0 { _exit(0) }
    }
  }

  @Test("A table is computed once, also for many threads") func onceInitialized() {
    let bytes = Array("123456789".utf8)
    let check = { @Sendable in
      #expect(unsafe CIdioms.checksum(bytes, 9) == 0xCBF4_3926 && Idioms.checksum(bytes.span) == 0xCBF4_3926)
    }
    let a = Background { check() }
    let b = Background { check() }
    check()
    a.join()
    b.join()
    #expect(unsafe CIdioms.checksum(bytes, 0) == 0 && Idioms.checksum(bytes.span.extracting(..<0)) == 0)
    #expect(1 << 2 + 1 == 5)
  }

  @Test("Tasks that wait for a lock do not keep other tasks from running", .timeLimit(.minutes(1)))
  func blockingCall() async throws {
    let path = folder.file("lock", containing: [])
    let openFile = { @Sendable in unsafe open(path, O_RDWR | O_CLOEXEC) }
    let owner = openFile()
    #expect(lock_file(owner) == 0)
    #expect(lock_file(-1) == -EBADF)
    #expect(await lockFile(-1) == -EBADF)
    // More tasks than the executor has threads.
    let count = sysconf(CInt(_SC_NPROCESSORS_ONLN)) * 2 + 2
    let results = await withTaskGroup(of: CInt.self) { group in
      for _ in 0..<count {
        group.addTask {
          let fd = openFile()
          defer { close(fd) }
          return await lockFile(fd)
        }
      }
      group.addTask { flock(owner, LOCK_UN) }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results == [CInt](repeating: 0, count: count + 1))
    close(owner)
  }

  static let waiting = Atomic<Int>(0)

  @Test("Tasks that call flock(2) themselves occupy the threads of all other tasks") func blockedThreads() async {
    await #expect(processExitsWith: .success) {
      // 512 tasks wait for a lock that nobody releases. Most of them do not even start.
      let folder = TemporaryFolder()
      let (parent, path) = (folder.path, folder.file("lock", containing: []))
      let owner = unsafe open(path, O_RDWR | O_CLOEXEC)
      guard flock(owner, LOCK_EX) == 0 else { _exit(1) }
      let judge = Background {
        for _ in 0..<30_000 where ThreadsTests.waiting.load(ordering: .relaxed) == 0 { usleep(1_000) }
        // Nothing reports what does not happen: this is the time that the other tasks have.
        usleep(500_000)
        let waiting = ThreadsTests.waiting.load(ordering: .relaxed)
        unsafe unlink(path)
        unsafe rmdir(parent)
        _exit(waiting > 0 && waiting < 512 ? 0 : 1)
      }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<512 {
          group.addTask {
            ThreadsTests.waiting.add(1, ordering: .relaxed)
            flock(unsafe open(path, O_RDWR | O_CLOEXEC), LOCK_EX)
          }
        }
      }
      judge.join()
    }
  }
}
