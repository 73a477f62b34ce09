import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Buffers, lists and shared memory: C and Swift give the same values.
struct MemoryBuffersTests {
  @Test("Two mappings of one name are the same memory, whichever language made them") func sharedPages() throws {
    let name = "/idioms-pages-\(getpid())"
    defer { unsafe shm_unlink(name) }
    var error: CInt = 0
    var c: UnsafeMutableRawPointer?
    #expect(unsafe shared_pages_map(name, 8192, &c) == 0)
    let bytes = unsafe try #require(c).assumingMemoryBound(to: UInt8.self)
    guard let swift = SharedPages(name, size: 8192, error: &error) else { return #expect(error == 0) }
    #expect(swift[0] == 0 && swift[8191] == 0)
    unsafe bytes[8191] = 7
    swift[0] = 9
    #expect(unsafe swift[8191] == 7 && bytes[0] == 9)
    #expect(unsafe shared_pages_unmap(bytes, 8192) == 0)
    #expect(swift[8191] == 7)
  }

  @Test("A name with a second slash and a size of 0 are refused") func sharedPagesRefused() {
    let name = "/idioms-none-\(getpid())"
    defer { unsafe shm_unlink(name) }
    for (name, size) in [("/a/b", 1), (name, 0)] {
      var error: CInt = 0
      var c: UnsafeMutableRawPointer?
      #expect(unsafe shared_pages_map(name, size, &c) == -EINVAL)
      if let _ = SharedPages(name, size: size, error: &error) { Issue.record("\(name) was mapped") }
      #expect(error == -EINVAL)
    }
  }

  @Test("Two processes count in shared memory, one in C and one in Swift, and no step is lost") func sharedCounter()
    throws
  {
    let size = 4096
    let memory = unsafe try #require(
      mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
    defer { unsafe munmap(memory, size) }
    let count = unsafe SharedCounter(at: memory)
    let seats = unsafe SharedCounter(at: memory + 4)
    let (c, cSeats) = unsafe (OpaquePointer(memory), OpaquePointer(memory + 4))
    let child = fork()
    if child == 0 {
      for _ in 0..<10_000 {
        unsafe shared_counter_add(c, 3)
        _ = unsafe shared_counter_enter(cSeats, 5_000)
      }
      _exit(0)
    }
    for _ in 0..<10_000 {
      _ = count.add(2)
      _ = seats.enter(limit: 5_000)
    }
    var status: CInt = -1
    let ended = unsafe waitpid(child, &status, 0)
    #expect(ended == child && status == 0)
    #expect(count.add(1) == 50_000 && seats.add(0) == 5_000)
    #expect(unsafe !seats.enter(limit: 5_000) && !shared_counter_enter(cSeats, 5_000))
    #expect(unsafe seats.enter(limit: 5_001) && shared_counter_add(c, 0) == 50_001)
  }

  @Test("A buffer grows up to its limit, and drops what was sent", arguments: [0, 1, 63, 64, 65, 300, 1_000])
  func growBuffer(size: Int) {
    var c = unsafe grow_buffer(bytes: nil, count: 0, capacity: 0, limit: 300)
    var swift = GrowBuffer(limit: 300)
    defer { unsafe grow_buffer_free(&c) }
    for round in 0..<4 {
      let bytes = [UInt8](repeating: UInt8(round), count: size)
      let result = unsafe grow_buffer_append(&c, bytes, size)
      #expect(swift.append(bytes.span) == result)
      let drop = round * 20
      unsafe grow_buffer_drop(&c, drop)
      swift.drop(drop)
      let same = unsafe (0..<c.count).map { unsafe c.bytes![$0] }
      #expect(swift.bytes == same)
      if size > 300 { #expect(result == -ENOBUFS && swift.bytes.isEmpty) }
    }
    let rest = [(1, 10), (2, 65), (3, 65)].flatMap { [UInt8](repeating: $0, count: $1) }
    if size == 65 { #expect(swift.bytes == rest) }
  }

  @Test("A client is found, changed in place and removed once") func linkedClients() {
    var c: UnsafeMutablePointer<client>?
    var swift = ClientTable()
    for fd: CInt in 3..<6 {
      #expect(unsafe clients_add(&c, fd) == 0)
      swift.add(fd)
    }
    unsafe clients_find(c, 4)!.pointee.requests += 7
    swift[4]?.requests += 7
    swift[9]?.requests += 7
    #expect(unsafe clients_find(c, 9) == nil && swift[9] == nil)
    for (fd, result) in [(4, 7), (4, Int(-ENOENT)), (5, 0), (3, 0), (3, Int(-ENOENT))] as [(CInt, Int)] {
      #expect(unsafe Int(clients_remove(&c, fd)) == result)
      #expect(swift.remove(fd) == result)
    }
    #expect(unsafe c == nil)
  }

  @Test("Lines are complete however the bytes arrive, and a full buffer is reported") func bufferOffset() throws {
    let (reader, writer) = try DescriptorsTests.pipe()
    let (otherReader, otherWriter) = try DescriptorsTests.pipe()
    var (c, swift) = (input(), LineInput())
    for part in ["on", "e\ntwo\n", "", "\nthree", String(repeating: "x", count: 246), "", "xxxx"] {
      let bytes = Array(part.utf8)
      if !bytes.isEmpty {
        for writer in [writer, otherWriter] { #expect(Idioms.writeAll(writer, bytes.span) == 0) }
        let n = unsafe input_fill(&c, reader)
        #expect(swift.fill(from: otherReader) == n && n == bytes.count)
      }
      #expect(Self.lines(&c) == Self.lines(&swift))
    }
    #expect(c.count == 255 && swift.count == 255)
    for writer in [writer, otherWriter] { close(writer) }
    #expect(unsafe input_fill(&c, reader) == 0 && swift.fill(from: otherReader) == 0)
    for reader in [reader, otherReader] { close(reader) }
    #expect(unsafe input_fill(&c, -1) == Int(-EBADF) && swift.fill(from: -1) == Int(-EBADF))
    c.count = 256
    #expect(unsafe input_fill(&c, -1) == Int(-ENOBUFS))
  }

  private static func lines(_ c: inout input) -> [String] {
    var (lines, line): ([String], [CChar]) = ([], Array(repeating: 1, count: 256))
    while unsafe input_line(&c, &line) > 0 { lines.append(unsafe String(cString: &line)) }
    return lines
  }

  private static func lines(_ swift: inout LineInput) -> [String] {
    var lines: [String] = []
    while let line = swift.line() { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }
}
