import Glibc

/// A client of the server.
struct ListedClient {
  let fd: CInt
  var requests = 0
}

/// The clients of the server, by their descriptors.
struct ClientTable {
  private var clients: [CInt: ListedClient] = [:]

  /// Adds a client.
  mutating func add(_ fd: CInt) { clients[fd] = ListedClient(fd: fd) }

  /// A client, which can be changed in place, or nil if it is unknown.
  subscript(fd: CInt) -> ListedClient? {
    get { clients[fd] }
    _modify { yield &clients[fd] }
  }

  /// Removes a client. Returns how many requests it had sent, or -ENOENT.
  mutating func remove(_ fd: CInt) -> Int {
    clients.removeValue(forKey: fd)?.requests ?? Int(-ENOENT)
  }
}
