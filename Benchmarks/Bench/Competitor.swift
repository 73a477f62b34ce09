/// A program that can run some of the benchmarks.
struct Competitor: Sendable {
  let name: String
  /// The command that prints its version.
  let version: String
  var greeting, echo, client: [String]?
  /// Whether it starts a process for each client.
  var forks = false
  /// Whether it sends nothing: this measures serving without a message.
  var isSilent = false

  /// The command for a benchmark; nil if the program can't run it.
  func command(for benchmark: Benchmark) -> [String]? {
    if benchmark.isCrowd && forks { return nil }
    if benchmark.isExact && !name.hasPrefix("Diptych") { return nil }
    return switch benchmark.service {
    case .greeting: greeting
    case .echo: echo
    case .client: client
    }
  }

  static func all(build: String) -> [Competitor] { ours(build) + floors(build) + others(build) + clients(build) }

  private static func ours(_ build: String) -> [Competitor] {
    ["c", "swift"].map { engine in
      let server = ["\(build)/\(engine)-server", "-k", "--quiet", "--max-clients", "19000", "tcp:127.0.0.1:%p"]
      return Competitor(
        name: engine == "c" ? "Diptych C" : "Diptych Swift", version: "\(build)/\(engine)-server --version",
        greeting: server + ["--service", "greeting"], echo: server + ["--service", "echo"],
        client: ["\(build)/\(engine)-client", "tcp:127.0.0.1:%p"])
    }
  }

  /// Written for the benchmarks, as simple as possible.
  private static func floors(_ build: String) -> [Competitor] {
    let competitors = "\(build)/competitors"
    return [
      Competitor(
        name: "C, accept and close", version: "cc --version", greeting: ["\(competitors)/blocking", "%p"],
        isSilent: true),
      Competitor(name: "C, blocking", version: "cc --version", greeting: ["\(competitors)/blocking", "%p", message]),
      Competitor(
        name: "C, epoll", version: "cc --version", greeting: ["\(competitors)/epoll", "%p", message],
        echo: ["\(competitors)/epoll", "%p"]),
      Competitor(
        name: "C, io_uring", version: "dpkg-query -W liburing-dev", greeting: ["\(competitors)/uring", "%p", message],
        echo: ["\(competitors)/uring", "%p"]),
    ]
  }

  private static func others(_ build: String) -> [Competitor] {
    let python = ["\(build)/python/bin/python", "Competitors/competitor.py", "%p"]
    return [
      Competitor(name: "nginx", version: "nginx -v", greeting: configured("nginx.conf", build, "nginx -c")),
      Competitor(name: "HAProxy", version: "haproxy -v", greeting: configured("haproxy.cfg", build, "haproxy -f")),
      both("SwiftNIO", "echo 2.101.2", ["\(build)/competitors/nio", "%p"]),
      both("FlyingSocks", "echo 0.27.1", ["\(build)/competitors/flying", "%p"]),
      both("Go", "go version", ["\(build)/competitors/go", "%p"]),
      both("Rust", "rustc --version", ["\(build)/competitors/server", "%p"]),
      both("asyncio", "\(python[0]) --version", python, ["asyncio"]),
      both("uvloop", "\(python[0]) -c 'import uvloop; print(uvloop.__version__)'", python, ["uvloop"]),
      Competitor(
        name: "xinetd", version: "dpkg-query -W xinetd",
        greeting: configured("xinetd.conf", build, "xinetd -dontfork -pidfile \(build)/xinetd.pid -f"), forks: true),
      Competitor(
        name: "tcpserver", version: "dpkg-query -W ucspi-tcp",
        greeting: ["tcpserver", "-RHl0", "-c", "1000", "127.0.0.1", "%p", "printf", message], forks: true),
    ]
  }

  private static func clients(_ build: String) -> [Competitor] {
    let address = "127.0.0.1"
    let listen = "TCP-LISTEN:%p,bind=\(address),fork,reuseaddr,backlog=4096"
    return [
      Competitor(
        name: "socat", version: "socat -V | sed -n 2p", greeting: ["socat", "-U", listen, "OPEN:Competitors/greeting"],
        echo: ["socat", listen, "PIPE"], client: ["socat", "-u", "TCP:\(address):%p", "STDOUT"], forks: true),
      Competitor(
        name: "ncat", version: "ncat --version",
        greeting: ["ncat", "-lkm", "1000", "--sh-exec", "printf '\(message)'", address, "%p"],
        client: ["ncat", "--recv-only", address, "%p"], forks: true),
      Competitor(name: "nc", version: "dpkg-query -W netcat-openbsd", client: ["nc", "-d", address, "%p"]),
      Competitor(
        name: "Rust io::copy", version: "rustc --version", client: ["\(build)/competitors/client-rust", "%p"]),
      Competitor(name: "C, 64 KiB", version: "cc --version", client: ["\(build)/competitors/client", "%p"]),
    ]
  }

  private static let message = "Server Message"

  private static func both(_ name: String, _ version: String, _ command: [String], _ more: [String] = []) -> Competitor
  {
    Competitor(name: name, version: version, greeting: command + ["greeting"] + more, echo: command + ["echo"] + more)
  }

  /// Starts with a configuration file that contains the port.
  private static func configured(_ template: String, _ build: String, _ command: String) -> [String] {
    let fill =
      "sed -e s/PORT/%p/ -e s,FOLDER,\(build), -e s/USER/$(id -un)/ Competitors/\(template) >\(build)/\(template)"
    return ["sh", "-c", "\(fill) && exec \(command) \(build)/\(template)"]
  }
}
