import Testing

@testable import ParityKit

/// Logs of strace become calls, grouped by descriptor.
struct StraceLogTests {
  private func log(_ lines: String...) -> StraceLog { StraceLog(Array(lines.joined(separator: "\n").utf8)) }

  private func observations(
    _ lines: String..., standards: [[String]] = [], connections: [String] = ["a"], labels: [Int: String] = [:]
  ) -> [String] {
    let setting = CallSetting(
      host: "127.0.0.1", port: 5000, socket: "/tmp/p/socket", folder: "/run", standards: standards,
      connections: connections,
      labels: labels)
    return CallsByDescriptor(StraceLog(Array(lines.joined(separator: "\n").utf8)), setting).observations
      .filter { !$0.fragments.isEmpty }.map { "\($0.name): \(Token.words(Token.lines($0.fragments)).shown)" }
  }

  @Test("A line becomes a call with arguments and a result")
  func call() throws {
    let call = try #require(
      log(
        #"77 accept4(3<socket:[9]>, {sa_family=AF_INET, sin_port=htons(44580), sin_addr=inet_addr("127.0.0.1")}, "#
          + "[16], SOCK_CLOEXEC) = 4<socket:[10]>"
      ).calls.first)
    #expect(call.thread == 77 && call.name == "accept4" && call.arguments.count == 4)
    #expect(call.descriptor(0) == Call.Descriptor(number: 3, target: "socket:[9]"))
    #expect(call.opened == Call.Descriptor(number: 4, target: "socket:[10]") && call.result == 4 && call.error == nil)
    let failed = log("77 read(4<socket:[10]>, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)").calls.first
    #expect(failed?.error == "ECONNRESET" && failed?.result == nil && failed?.isOpen == false)
    let quoted = log(#"7 write(1</tmp/a, b) c>, "a \"b\", )", 9) = 9"#).calls.first
    #expect(quoted?.result == 9 && quoted?.arguments.count == 3 && quoted?.descriptor(0)?.target == "/tmp/a, b) c")
  }

  @Test("A call in two lines is joined")
  func unfinishedCall() {
    let log = log(
      "8 recvfrom(9<socket:[1]>,  <unfinished ...>", #"7 sendto(8<socket:[2]>, ""..., 3, 0, NULL, 0 <unfinished ...>"#,
      #"8 <... recvfrom resumed>""..., 10, 0, NULL, NULL) = 3"#, "7 <... sendto resumed>)           = 3")
    #expect(log.calls.map(\.name) == ["recvfrom", "sendto"] && log.calls.map(\.result) == [3, 3] && log.count == 2)
    #expect(log.calls.map { $0.arguments.count } == [6, 6])
  }

  @Test("Lines that are not complete calls are skipped")
  func otherLines() {
    let log = log(
      "", "garbage", "7", "7 ", "7 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER} ---", "7 +++ killed by SIGKILL +++",
      "strace: Process 7 attached", "7 read(", "7 read(3<socket:[1]>", "7 <... read resumed>",
      "7 read(3<socket:[1]>, ) =",
      "7 exit_group(0) = ?", "7 accept(3<socket:[1]>, NULL, NULL) = ?",
      "7 accept(3<socket:[1]>, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)")
    #expect(log.calls.map(\.isOpen) == [true, true])
    #expect(StraceLog([0, 255, 10, 0x37, 0x20, 0x28]).count == 0)
  }

  @Test("The calls of a server are grouped by the roles of its descriptors")
  func roles() {
    let observations = observations(
      "7 socket(AF_INET6, SOCK_DGRAM, 0) = 9<socket:[8]>", "7 close(9<socket:[8]>) = 0",
      "7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[9]>",
      "7 setsockopt(3<socket:[9]>, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0",
      #"7 bind(3<socket:[9]>, {sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}, 16) = 0"#,
      "7 listen(3<socket:[9]>, 10) = 0", "7 accept(3<socket:[9]>, NULL, NULL) = -1 EAGAIN (Resource)",
      "7 accept(3<socket:[9]>, NULL, NULL) = 4<socket:[10]>", "7 dup(4<socket:[10]>) = 5<socket:[10]>",
      #"7 read(5<socket:[10]>, ""..., 4096) = 6"#, #"7 write(4<socket:[10]>, ""..., 6) = 6"#,
      "7 ioctl(1<pipe:[1]>, TCGETS, 0x7) = -1 ENOTTY (Inappropriate ioctl for device)",
      #"7 write(1<pipe:[1]>, ""..., 3) = 3"#, "7 close(4<socket:[10]>) = 0",
      standards: [["/dev/null", "pipe:[1]", "pipe:[2]"]])
    #expect(
      observations == [
        "listener: ⟨socket AF_INET SOCK_STREAM|SOCK_CLOEXEC⟩⟨setsockopt SO_REUSEADDR = 1⟩⟨bind {host} {port}⟩"
          + "⟨listen 10 may wait⟩⟨accept = connection a⟩",
        "connection a: ⟨dup⟩⟨read⟩6⟨write⟩6⟨close⟩", "standard output: ⟨write⟩3",
      ])
  }

  @Test("Connections are named by the ports of their peers, in any order")
  func connectionNames() {
    func accept(_ port: Int, _ socket: Int) -> String {
      "7 accept(3<socket:[9]>, {sa_family=AF_INET, sin_port=htons(\(port)), sin_addr=inet_addr(\"127.0.0.1\")}, [16]) = "
        + "\(socket)<socket:[\(socket)]>"
    }
    let observations = observations(
      accept(41, 10), accept(40, 11), "7 close(10<socket:[10]>) = 0", connections: ["a", "b"],
      labels: [40: "a", 41: "b"])
    #expect(observations == ["listener: ⟨accept = connection b⟩⟨accept = connection a⟩", "connection b: ⟨close⟩"])
  }

  @Test("The closes of processes that share a connection are listed separately")
  func sharedConnection() {
    let lines = [
      "7 accept(3<socket:[9]>, NULL, NULL) = 4<socket:[10]>",
      "7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7) = 8",
      #"8 read(4<socket:[10]>, ""..., 9) = 2"#, "8 close(4<socket:[10]>) = 0", "7 close(4<socket:[10]>) = 0",
    ]
    let differingChannels = ["connection a: ⟨read⟩2", "connection a, closed by each process: ⟨close⟩⟨close⟩"]
    #expect(observations(lines[0], lines[1], lines[2], lines[3], lines[4]).dropFirst() == differingChannels[...])
    #expect(observations(lines[0], lines[1], lines[4], lines[2], lines[3]).dropFirst() == differingChannels[...])
    // The order of threads of one process is compared.
    let thread = "7 clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, stack=0x7} => {parent_tid=[8]}, 88) = 8"
    #expect(observations(lines[0], thread, lines[2], lines[3]).last == "connection a: ⟨read⟩2⟨close⟩")
  }

  @Test("A failed attempt to connect is separate from the connection")
  func refusedClient() {
    let observations = observations(
      "7 socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 3<socket:[1]>",
      #"7 connect(3<socket:[1]>, {sa_family=AF_INET6, sin6_port=htons(5000), sin6_flowinfo=htonl(0), "#
        + #"inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ECONNREFUSED (Connection refused)"#,
      "7 close(3<socket:[1]>) = 0", "7 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3<socket:[2]>",
      #"7 connect(3<socket:[2]>, {sa_family=AF_INET, sin_port=htons(5000), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 "#
        + "EINPROGRESS (Operation now in progress)",
      "7 getsockopt(3<socket:[2]>, SOL_SOCKET, SO_ERROR, [0], [4]) = 0",
      #"7 connect(5<socket:[3]>, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = 0"#,
      #"7 splice(3<socket:[2]>, NULL, 1<pipe:[1]>, NULL, 65536, 0) = 20"#,
      standards: [["/dev/null", "pipe:[1]", "pipe:[2]"]])
    #expect(
      observations == [
        "attempt to connect: ⟨socket AF_INET6 SOCK_STREAM⟩⟨connect ::1 {port} ECONNREFUSED⟩⟨close⟩",
        "connection a: ⟨socket AF_INET SOCK_STREAM⟩⟨connect {host} {port} EINPROGRESS⟩⟨getsockopt SO_ERROR = 0⟩"
          + "⟨splice⟩20", "standard output: ⟨splice⟩20",
      ])
  }

  @Test("Many reads of bulk data are one entry")
  func bulk() {
    let reads = (0..<20).map { _ in #"7 read(4<socket:[10]>, ""..., 4096) = 4096"# }.joined(separator: "\n")
    let observations = observations(
      "7 accept(3<socket:[9]>, NULL, NULL) = 4<socket:[10]>", reads, #"7 read(4<socket:[10]>, "", 4096) = 0"#,
      "7 close(4<socket:[10]>) = 0")
    #expect(observations.last == "connection a: ⟨read, in bulk⟩⟨close⟩")
  }
}
