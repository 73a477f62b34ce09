internal import IPC

/// The help of a server, of which its man page is made, too. Lines of tables have at most 70 characters, so that the
/// man page does not wrap them.
enum ServerHelp {
  static func discussion(program: String) -> String {
    let addresses = AddressArgument.section(
      ports: "; 0 is any free port", hosts: "0.0.0.0 is all IPv4 addresses of the machine, :: all IPv6 ones",
      more: ["tcp:*:PORT     all IPv4 and IPv6 addresses of the machine"])
    return [
      overview, addresses, services, output, signals, environment, examples(program), exitStatus,
    ].joined(separator: "\n\n")
  }

  private static let overview = """
    Without arguments, the server listens on 127.0.0.1 port 5000, sends `Server Message` to one client, and exits. \
    With -k it serves many clients until a signal stops it: at once over sockets, one after the other over pipes, \
    queues and shared memory.
    """

  private static let services = """
    SERVICES
      greeting       sends a message, and closes
      message        receives a line of at most \(Limit.line) bytes, prints it, and
                     answers `I got your message`
      echo           sends back what it receives (RFC 862)
      discard        receives data, and sends nothing (RFC 863)
      chargen        sends characters until the client closes (RFC 864)
    """

  private static let output = """
    OUTPUT
      The message service prints on standard output. Errors go to
      standard error, and so does the line `listening ENDPOINT`, which
      the server prints once it listens. The server never waits for a
      reader of standard error: lines that find no room are dropped
      and counted, and so are lines about clients that repeat. If
      nobody reads standard output, the clients of the message service
      wait, and no others.
    """

  private static let signals = """
    SIGNALS
      SIGINT         stops the server, with exit status 0. With -k, its
      SIGTERM        clients may complete what they do (--drain); a second
      SIGHUP         signal closes them. Those without their whole answer are
                     reset, and a warning counts them.
      SIGUSR1        prints counters on standard error.
    """

  private static let environment = """
    ENVIRONMENT
      LISTEN_FDS     A supervisor, such as systemd, passes 1 to \(Limit.listeners) listeners;
      LISTEN_PID     then give no address. The server serves the clients of
      LISTEN_FDNAMES all of them. Error messages contain the listener's name.
                     If it passes a single client instead (Accept=yes), the
                     server serves that client, and exits.
      NOTIFY_SOCKET  The server notifies it of READY=1 and STOPPING=1.
    """

  private static func examples(_ program: String) -> String {
    """
    EXAMPLES
      \(program)                          greet one client on port 5000
      \(program) -k --service echo 7007   echo for local clients
      \(program) -k tcp:*:8080            greet clients on any machine
      \(program) unix:/run/hello.sock     greet over a Unix socket
    """
  }

  private static let exitStatus = """
    EXIT STATUS
      0   The server served its client, or a signal stopped it.
      1   It failed; the reason is on standard error.
      64  Wrong usage.
      71  It could not read its arguments, because /proc is not mounted.
    """
}
