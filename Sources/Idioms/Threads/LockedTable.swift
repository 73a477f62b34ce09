import Glibc
import Synchronization

/// The sessions of a server, for all of its threads.
final class SessionTable: Sendable {
  static let limit = 64
  // The table can't be reached without the lock.
  private let ids = Mutex<[CInt]>([])

  /// Adds a session. Returns how many there are, or -EEXIST or -ENOSPC.
  func add(_ id: CInt) -> CInt {
    ids.withLock { ids in
      guard !ids.contains(id) else { return -EEXIST }
      guard ids.count < Self.limit else { return -ENOSPC }
      ids.append(id)
      return CInt(ids.count)
    }
  }

  /// Removes a session. Returns how many remain, or -ENOENT.
  func remove(_ id: CInt) -> CInt {
    ids.withLock { ids in
      guard let index = ids.firstIndex(of: id) else { return -ENOENT }
      ids.swapAt(index, ids.count - 1)
      ids.removeLast()
      return CInt(ids.count)
    }
  }
}
