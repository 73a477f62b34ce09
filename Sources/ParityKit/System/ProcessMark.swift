internal import Synchronization

/// A number that all descendants of a program have, whatever their session, their parent and their environment: the
/// limit of file locks, which Linux has not enforced since version 2.4. See getrlimit(2).
struct ProcessMark: Hashable {
  let number: UInt

  /// A number that no other program of this process has.
  init() { number = Self.next.add(1, ordering: .relaxed).newValue }

  /// The digits with which all numbers of this process begin; the others count.
  static let prefix = Int.random(in: 1_000_000_000..<9_000_000_000)

  private static let next = Atomic(UInt(prefix) * 1_000_000_000)
}
