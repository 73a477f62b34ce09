import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// Processes: C and Swift give the same values. A test that forks, or changes the process, has a process of its own.
struct ProcessesTests {
  private static func spawn(_ isC: Bool, _ words: [String], _ variables: [String], _ input: CInt, _ output: CInt)
    -> pid_t
  {
    if !isC { return spawnProgram(words[0], words: words, variables: variables, input: input, output: output) }
    return unsafe withTextPointers(words) { texts in
      unsafe withTextPointers(variables) { unsafe spawn_program(words[0], texts, $0, input, output) }
    }
  }

  @Test("A program has the words, variables, input and output that it was given") func spawnedProgram() throws {
    for isC in [true, false] {
      let (input, output) = (try TestSockets.pipe(), try TestSockets.pipe())
      defer { close(output.reader) }
      let words = ["/bin/sh", "-c", "read line; echo $line $NAME $1; exit 3", "zero", "a  b"]
      let child = Self.spawn(isC, words, ["NAME=ä"], input.reader, output.writer)
      try #require(child > 0)
      for fd in [input.reader, output.writer] { close(fd) }
      try TestSockets.write(input.writer, Array("x\n".utf8))
      close(input.writer)
      #expect(waitForChild(child) == 3)
      #expect(try TestSockets.read(output.reader) == Array("x ä a b\n".utf8))
      #expect(Self.spawn(isC, ["/missing"], [], 0, 1) == -ENOENT)
      #expect(Self.spawn(isC, ["/bin/true"], [], 1 << 20, 1) == -EBADF)
    }
  }

  @Test("Each status means the same, and a child's end is reported as a shell does") func waitStatus() {
    for status in CInt(0)...0xffff {
      let same = shell_status(status) == WaitStatus(value: status).shellStatus
      #expect(same, "\(status)")
    }
    for (command, expected) in [("exit 7", 7), ("kill -9 $$", 137), ("exit 255", 255)] as [(String, CInt)] {
      for wait in [wait_for_child, waitForChild] {
        #expect(wait(Self.spawn(true, ["/bin/sh", "-c", command], [], 0, 1)) == expected)
      }
    }
    #expect(WaitStatus(value: SIGSEGV | 0x80).endSignal == SIGSEGV)
    // This process is no child of itself.
    #expect((wait_for_child(getpid()), waitForChild(getpid())) == (-ECHILD, -ECHILD))
  }

  static func read(_ isC: Bool, _ command: String, _ limit: Int) -> (CInt, [UInt8]) {
    if !isC {
      let (status, output) = Idioms.readCommand(["sh", "-c", command], atMost: limit)
      return (status, output)
    }
    var buffer = [CChar](repeating: 0, count: limit)
    var count = 0
    let status = unsafe read_command(command, &buffer, limit, &count)
    return (status, buffer[..<count].map { UInt8(bitPattern: $0) })
  }

  @Test("A command's output is read up to a limit, and its exit status is returned") func readCommand() {
    let read = Self.read
    for isC in [true, false] {
      #expect(read(isC, "printf abc", 10) == (0, Array("abc".utf8)))
      #expect(read(isC, "printf abc; exit 3", 2) == (3, Array("ab".utf8)))
      #expect(read(isC, "head -c 300000 /dev/zero && printf x", 4) == (0, [0, 0, 0, 0]))
      #expect(read(isC, "exec /missing/program 2>&-", 10) == (127, []))
      #expect(read(isC, "kill -9 $$", 10) == (128 + SIGKILL, []))
      #expect(read(isC, "printf abc", 0) == (0, []))
    }
    #expect(Idioms.readCommand(["/missing/program"], atMost: 1).status == -ENOENT)
    #expect(Idioms.readCommand([], atMost: 1).status == -EINVAL)
    #expect(Idioms.readCommand(["printf", "abc"], atMost: -1) == (-EINVAL, []))
    #expect(Idioms.readCommand(["printf", "%s", "$(exit); a"], atMost: 99) == (0, Array("$(exit); a".utf8)))
  }

  @Test("A command whose status is lost is an error, and only the Swift function resets the signals")
  func readCommandSignals() async {
    await #expect(processExitsWith: .exitCode(7)) {
      var set = sigset_t()
      unsafe sigemptyset(&set)
      unsafe sigaddset(&set, SIGTERM)
      guard unsafe pthread_sigmask(SIG_SETMASK, &set, nil) == 0 else { exit(1) }
      signal(SIGPIPE, SIG_IGN)
      // Of the blocked and the ignored signals, these two.
      func inherited(_ isC: Bool) -> [UInt64] {
        let (_, output) = ProcessesTests.read(isC, "grep -E '^Sig(Blk|Ign)' /proc/self/status | cut -f2", 99)
        let masks = String(decoding: output, as: UTF8.self).split(separator: "\n")
        return masks.map { UInt64($0, radix: 16)! & (1 << (SIGTERM - 1) | 1 << (SIGPIPE - 1)) }
      }
      guard inherited(false) == [0, 0], inherited(true) == [1 << 14, 1 << 12] else { exit(2) }
      signal(SIGCHLD, SIG_IGN)
      for isC in [true, false] {
        guard ProcessesTests.read(isC, "printf abc", 99) == (-ECHILD, Array("abc".utf8)) else { exit(4) }
      }
      exit(7)
    }
  }

  @Test("A variable is set, copied and listed, and a missing one is reported") func environmentVariable() async {
    await #expect(processExitsWith: .success) {
      var buffer = [CChar](repeating: 1, count: 6)
      #expect(unsafe copy_variable("IDIOM_A", &buffer, 6) == -ENOENT)
      #expect(Environment.value(of: "IDIOM_A") == nil)
      for set in [{ unsafe set_variable($0, $1) }, Environment.set] as [(String, String) -> CInt] {
        #expect(set("IDIOM_A", "") == 0)
        #expect(Environment.value(of: "IDIOM_A") == "")
        #expect(set("IDIOM_A", "x=yz!") == 0)
        #expect(unsafe copy_variable("IDIOM_A", &buffer, 6) == 5)
        #expect(buffer == "x=yz!".utf8CString.map { $0 })
        #expect(unsafe copy_variable("IDIOM_A", &buffer, 5) == -ENOBUFS)
        #expect(Environment.value(of: "IDIOM_A") == "x=yz!")
        #expect(set("IDIOM=A", "x") == -EINVAL)
        #expect(set("", "x") == -EINVAL)
        #expect(unsafe count_variables("IDIOM_") == 1)
        #expect(Environment.all().filter { $0.hasPrefix("IDIOM_") } == ["IDIOM_A=x=yz!"])
      }
      clearenv()
      let rest = unsafe (count_variables(""), Environment.all())
      #expect(Environment.set("IDIOM_A", to: "") == 0)
      #expect(rest == (0, []))
    }
  }

  @Test("A thread, the machine and the system have the same values in both languages") func processIdentity() throws {
    #expect(thread_identifier() == threadIdentifier())
    Background { if thread_identifier() != threadIdentifier() || threadIdentifier() == getpid() { abort() } }.join()
    var name = [CChar](repeating: 1, count: 65)
    let length = unsafe host_name(&name, name.count)
    let host = try #require(hostName())
    #expect(name[...Int(length)] == host.utf8CString[...])
    #expect(unsafe host_name(&name, 0) == -EINVAL)
    #expect(unsafe host_name(&name, 1) == -ENAMETOOLONG)
    for value in [Int(_SC_PAGESIZE), Int(_SC_NPROCESSORS_ONLN), Int(_SC_OPEN_MAX)] {
      #expect(system_value(CInt(value)) == systemValue(value))
      #expect(systemValue(value) > 0)
    }
    let unlimited = Int(_SC_TIMER_MAX)
    #expect((system_value(CInt(unlimited)), systemValue(unlimited)) == (-Int(ENOENT), -Int(ENOENT)))
    #expect((system_value(-1), systemValue(-1)) == (-Int(EINVAL), -Int(EINVAL)))
  }

  @Test("Descriptors from a number on are kept from programs, and stay open") func closeInherited() async {
    await #expect(processExitsWith: .success) {
      for keep in [keep_from_programs, keepFromPrograms] {
        let before = inheritedDescriptors()
        var ends: [CInt] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        #expect(inheritedDescriptors() == before + 2)
        #expect(inherited_descriptors() == before + 2)
        #expect(keep(3) == 0)
        #expect((inherited_descriptors(), inheritedDescriptors()) == (3, 3))
        #expect(fcntl(ends[0], F_GETFD) == FD_CLOEXEC)
        try TestSockets.write(ends[1], [1])
        #expect(keep(.max) == 0)
        for end in ends { close(end) }
      }
    }
  }
}
