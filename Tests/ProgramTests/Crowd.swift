// Many clients, one after the other and at once.

/// Clients of an echo server that come until their input ends, eight at a time.
struct Crowd: Sendable {
  let process: Running

  /// How many were answered, each byte for byte.
  var served: Int { process.output.bytes.count }

  /// Waits until so many more were; false if it ended before.
  func serve(_ more: Int) async -> Bool { await process.output.wait(for: served + more) }

  /// Runs the body while clients come. One byte on standard output is a client that was answered, one line on standard
  /// error is one that was lost.
  static func come(
    to port: Substring, _ body: @escaping @Sendable (Crowd) async throws -> Void
  ) async throws -> Outcome {
    try await Command(path: "python3", ["-c", script, String(port)]).reading(.open).run { process in
      try await body(Crowd(process: process))
    }.outcome
  }

  private static let script = """
    import os, random, socket, sys, threading
    ended = threading.Event()
    def come():
      while not ended.is_set():
        data = os.urandom(random.choice((1, 100, 5000)))
        answer = b''
        try:
          with socket.create_connection(('127.0.0.1', int(sys.argv[1])), 20) as s:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while some := s.recv(65536): answer += some
          if answer != data: raise OSError(f'{len(answer)} bytes of {len(data)}')
          os.write(1, b'.')
        except OSError as error:
          os.write(2, f'{error}\\n'.encode())
    clients = [threading.Thread(target=come) for _ in range(8)]
    for client in clients: client.start()
    sys.stdin.read()
    ended.set()
    """
}
