import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// The manners of a daemon: C and Swift give the same values.
struct DaemonsTests {
  static let isRoot = geteuid() == 0
  let folder = TemporaryFolder()

  @Test("A pid file has the number of the process, and one owner", arguments: [false, true])
  func pidFile(swift: Bool) {
    let write = { (path: String) in unsafe swift ? writePidFile(path) : write_pid_file(path) }
    let path = folder.file("pid", containing: Array("a longer text of an earlier daemon\n".utf8))
    let owner = write(path)
    #expect(owner >= 0 && TemporaryFolder.bytes(of: path) == Array("\(getpid())\n".utf8))
    #expect(fcntl(owner, F_GETFD) == FD_CLOEXEC)
    #expect(write(path) == -EWOULDBLOCK)
    #expect(TemporaryFolder.bytes(of: path) == Array("\(getpid())\n".utf8))
    close(owner)
    let next = write(path)
    #expect(next >= 0)
    close(next)
    #expect(write(folder.path) == -EISDIR && write(folder.file("a/b")) == -ENOENT)
  }

  @Test(
    "A process that gave up root is the user, has no other group, and can't be root again",
    .enabled(if: isRoot, "only root can give up root"), arguments: [false, true])
  func dropPrivileges(swift: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [swift] in
      let drop = { (name: String) in unsafe swift ? Idioms.dropPrivileges(to: name) : drop_privileges(name) }
      guard drop("no-such-user") == -ENOENT, drop("root") == -EINVAL, getuid() == 0 else { exit(1) }
      let user = unsafe getpwnam("nobody")!
      let (uid, gid) = unsafe (user.pointee.pw_uid, user.pointee.pw_gid)
      guard drop("nobody") == 0 else { exit(2) }
      var groups = [gid_t](repeating: 0, count: 64)
      let count = Int(unsafe getgroups(64, &groups))
      guard getuid() == uid, geteuid() == uid, getgid() == gid, groups.prefix(count).allSatisfy({ $0 == gid })
      else { exit(3) }
      guard setuid(0) < 0, seteuid(0) < 0, setgid(0) < 0 else { exit(4) }
      // The same user remains; another one needs root.
      guard drop("nobody") == 0, drop("daemon") == -EPERM, drop("root") == -EINVAL else { exit(5) }
      exit(7)
    }
  }

  @Test(
    "A process with another root sees only the folder", .enabled(if: isRoot, "only root can change the root"),
    arguments: [false, true])
  func changeRoot(swift: Bool) async {
    _ = folder.file("inside", containing: [1])
    await #expect(processExitsWith: .exitCode(7)) { [swift, path = folder.path as String] in
      let change = { (name: String) in unsafe swift ? Idioms.changeRoot(to: name) : change_root(name) }
      guard change(path + "/none") == -ENOENT, change(path + "/inside") == -ENOTDIR, change(path) == 0 else { exit(1) }
      var room = [CChar](repeating: 0, count: 16)
      guard unsafe getcwd(&room, 16) != nil, unsafe String(cString: &room) == "/" else { exit(2) }
      guard unsafe access("/inside", F_OK) == 0, unsafe access("../inside", F_OK) == 0 else { exit(3) }
      guard unsafe access("/tmp", F_OK) < 0, change("/none") == -ENOENT else { exit(4) }
      exit(7)
    }
  }

  /// What a daemon reports about itself: whether it leads its session, its folder, whether 0, 1 and 2 are /dev/null, and
  /// its umask.
  private static func facts() -> [UInt8] {
    var room = [CChar](repeating: 0, count: 16)
    let isRoot = unsafe getcwd(&room, 16) != nil && String(cString: &room) == "/"
    var (null, own) = (stat(), stat())
    unsafe stat("/dev/null", &null)
    let areNull = (0...2).allSatisfy { unsafe fstat($0, &own) == 0 && own.st_rdev == null.st_rdev }
    let isLeader = getsid(0) == getpid()
    return [isLeader ? 1 : 0, isRoot ? 1 : 0, areNull ? 1 : 0, UInt8(umask(0))]
  }

  @Test(
    "A daemon has a session that it does not lead, the folder /, /dev/null, and a umask of its own",
    arguments: [false, true])
  func daemonize(swift: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [swift] in
      let (reader, writer) = try TestSockets.pipe()
      let child = fork()
      if child == 0 {
        umask(0)
        let session = getsid(0)
        guard (swift ? Idioms.daemonize() : CIdioms.daemonize()) == 0, getsid(0) != session else { _exit(1) }
        let facts = DaemonsTests.facts()
        _exit(unsafe write(writer, facts, facts.count) == 4 ? 0 : 1)
      }
      close(writer)
      guard try TestSockets.read(reader) == [0, 1, 1, 0o022] else { exit(2) }
      // The end of the pipe is that of the daemon.
      guard try TestSockets.read(reader) == [], waitChild(child) == 0 else { exit(3) }
      exit(7)
    }
  }

  @Test("A line of the log has the name and the text, also with per cent signs", arguments: [false, true])
  func systemLog(swift: Bool) async throws {
    let result = try await #require(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) { [swift] in
      // LOG_PERROR writes each line to standard error, too.
      if swift {
        logStart("idioms", options: LOG_PERROR)
        logClient("%n%s", bytes: -5)
      } else {
        // The pointer of a String would be gone when the line is written.
        let name: StaticString = "idioms"
        unsafe log_start(UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), LOG_PERROR)
        unsafe log_client("%n%s", -5)
      }
      exit(7)
    }
    let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains("idioms: %n%s: -5 bytes"))
  }

  // One test: getopt(3) is global.
  @Test("Options are parsed as getopt(3) does") func parseOptions() {
    let lines = [
      "", "-v", "-p 80", "-p80", "-vvp80", "-vp 80 host", "-p -v", "-- -v", "-v -- host", "host", "- ", "host -v",
      "a b",
      "-x", "-p", "-vx", "-v -", "-p 80 -p 81", "--", "-v-", "--port 80 host", "--port=80", "--port=", "--port= x",
      "--verbose -v --", "--v --po=1", "--port", "--verbose=1", "--verbose= ", "--=", "--x", "--portx 1", "--port -v",
      "host --port",
    ]
    var accepted = 0
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      var arguments = unsafe (["daemon"] + words).map { unsafe strdup($0) } + [nil]
      defer { unsafe arguments.forEach { unsafe free($0) } }
      var c = unsafe daemon_options()
      let result = unsafe parse_options(CInt(words.count + 1), &arguments, &c)
      let swift = DaemonOptions(words)
      #expect((result == 0) == (swift != nil), "\(line)")
      #expect(result == 0 || result == -EINVAL)
      guard let swift else { continue }
      accepted += 1
      #expect(unsafe swift.host == c.host.map { unsafe String(cString: $0) }, "\(line)")
      #expect(unsafe swift.port == String(cString: c.port!) && swift.verbose == Int(c.verbose), "\(line)")
    }
    #expect(accepted == 21)
    #expect(DaemonOptions(["-vvp80", "host"]) == DaemonOptions(["-p", "80", "-v", "-v", "--", "host"]))
  }

  @Test("Wrong arguments end the program with a line about its use, and status 64", arguments: [false, true])
  func usage(swift: Bool) async throws {
    let result = try await #require(processExitsWith: .exitCode(EX_USAGE), observing: [\.standardErrorContent]) {
      [swift] in
      // The test runner gives this process options of its own, which are wrong, too.
      if swift { _ = DaemonOptions.parseOrExit() }
      var arguments = unsafe (["daemon", "-x"] as [String]).map { unsafe strdup($0) } + [nil]
      var options = unsafe daemon_options()
      unsafe parse_or_exit(2, &arguments, &options)
    }
    let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
    #expect(lines.contains { $0.wholeMatch(of: /usage: [^ \/]+ \[-v\] \[-p PORT\] \[HOST\]/) != nil })
  }

  @Test("A limit is as high as wanted, and at most the hard one", arguments: [false, true])
  func resourceLimit(swift: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [swift] in
      let allow = { (wanted: rlim_t) in swift ? allowDescriptors(wanted) : allow_descriptors(wanted) }
      var limit = rlimit()
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
      guard allow(100) == 100, unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur == 100 else { exit(1) }
      guard allow(.max) == Int(bitPattern: limit.rlim_max) else { exit(2) }
      guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur == limit.rlim_max else { exit(3) }
      exit(7)
    }
  }
}
