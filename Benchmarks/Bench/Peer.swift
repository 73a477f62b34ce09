/// A program that does some of the rows' jobs.
struct Peer: Sendable {
  let name: String
  /// What prints its version.
  let version: String
  var greeting, echo, client: [String]?
  /// It starts a process for each client.
  var forks = false
  /// It greets nobody: what serving costs without a message.
  var isSilent = false

  /// What to run for that row, if it does such jobs.
  func command(for row: Row) -> [String]? {
    if row.isCrowd && forks { return nil }
    if row.isExact && !name.hasPrefix("Diptych") { return nil }
    return switch row.service {
    case .greeting: greeting
    case .echo: echo
    case .client: client
    }
  }

  static func all(build: String) -> [Peer] { ours(build) + floors(build) + others(build) + clients(build) }

  private static func ours(_ build: String) -> [Peer] {
    ["c", "swift"].map { engine in
      let server = ["\(build)/\(engine)-server", "-k", "--quiet", "--max-clients", "19000", "tcp:127.0.0.1:%p"]
      return Peer(
        name: engine == "c" ? "Diptych C" : "Diptych Swift", version: "\(build)/\(engine)-server --version",
        greeting: server + ["--service", "greeting"], echo: server + ["--service", "echo"],
        client: ["\(build)/\(engine)-client", "tcp:127.0.0.1:%p"])
    }
  }

  /// Written for this, as plain as can be.
  private static func floors(_ build: String) -> [Peer] {
    let peers = "\(build)/peers"
    return [
      Peer(
        name: "C, accept and close", version: "cc --version", greeting: ["\(peers)/blocking", "%p"], isSilent: true),
      Peer(name: "C, blocking", version: "cc --version", greeting: ["\(peers)/blocking", "%p", message]),
      Peer(
        name: "C, epoll", version: "cc --version", greeting: ["\(peers)/epoll", "%p", message],
        echo: ["\(peers)/epoll", "%p"]),
      Peer(
        name: "C, io_uring", version: "dpkg-query -W liburing-dev", greeting: ["\(peers)/uring", "%p", message],
        echo: ["\(peers)/uring", "%p"]),
    ]
  }

  private static func others(_ build: String) -> [Peer] {
    let python = ["\(build)/python/bin/python", "Peers/peer.py", "%p"]
    return [
      Peer(name: "nginx", version: "nginx -v", greeting: configured("nginx.conf", build, "nginx -c")),
      Peer(name: "HAProxy", version: "haproxy -v", greeting: configured("haproxy.cfg", build, "haproxy -f")),
      both("SwiftNIO", "echo 2.101.2", ["\(build)/peers/nio", "%p"]),
      both("FlyingSocks", "echo 0.27.1", ["\(build)/peers/flying", "%p"]),
      both("Go", "go version", ["\(build)/peers/go", "%p"]),
      both("Rust", "rustc --version", ["\(build)/peers/server", "%p"]),
      both("asyncio", "\(python[0]) --version", python, ["asyncio"]),
      both("uvloop", "\(python[0]) -c 'import uvloop; print(uvloop.__version__)'", python, ["uvloop"]),
      Peer(
        name: "xinetd", version: "dpkg-query -W xinetd",
        greeting: configured("xinetd.conf", build, "xinetd -dontfork -pidfile \(build)/xinetd.pid -f"), forks: true),
      Peer(
        name: "tcpserver", version: "dpkg-query -W ucspi-tcp",
        greeting: ["tcpserver", "-RHl0", "-c", "1000", "127.0.0.1", "%p", "printf", message], forks: true),
    ]
  }

  private static func clients(_ build: String) -> [Peer] {
    let address = "127.0.0.1"
    let listen = "TCP-LISTEN:%p,bind=\(address),fork,reuseaddr,backlog=4096"
    return [
      Peer(
        name: "socat", version: "socat -V | sed -n 2p", greeting: ["socat", "-U", listen, "OPEN:Peers/greeting"],
        echo: ["socat", listen, "PIPE"], client: ["socat", "-u", "TCP:\(address):%p", "STDOUT"], forks: true),
      Peer(
        name: "ncat", version: "ncat --version",
        greeting: ["ncat", "-lkm", "1000", "--sh-exec", "printf '\(message)'", address, "%p"],
        client: ["ncat", "--recv-only", address, "%p"], forks: true),
      Peer(name: "nc", version: "dpkg-query -W netcat-openbsd", client: ["nc", "-d", address, "%p"]),
      Peer(name: "Rust io::copy", version: "rustc --version", client: ["\(build)/peers/client-rust", "%p"]),
      Peer(name: "C, 64 KiB", version: "cc --version", client: ["\(build)/peers/client", "%p"]),
    ]
  }

  private static let message = "Server Message"

  private static func both(_ name: String, _ version: String, _ command: [String], _ more: [String] = []) -> Peer {
    Peer(name: name, version: version, greeting: command + ["greeting"] + more, echo: command + ["echo"] + more)
  }

  /// Started with a configuration of its own, in which the port stands.
  private static func configured(_ template: String, _ build: String, _ command: String) -> [String] {
    let fill = "sed -e s/PORT/%p/ -e s,FOLDER,\(build), -e s/USER/$(id -un)/ Peers/\(template) >\(build)/\(template)"
    return ["sh", "-c", "\(fill) && exec \(command) \(build)/\(template)"]
  }
}
