import CLinux
import Glibc

/// The context of the callback.
private final class Ranking {
  let bytes: [Int]
  var comparisons: CInt = 0
  init(bytes: [Int]) { self.bytes = bytes }
}

/// Sorts numbers of clients, that with the most bytes first; bytes[n] are
/// those of client n. Returns how many comparisons that took.
func rankClients(_ clients: inout [CInt], bytes: [Int]) -> CInt {
  let ranking = Ranking(bytes: bytes)
  // The callback is called during qsort_r(3) only, so it borrows the object;
  // withExtendedLifetime keeps it until then.
  withExtendedLifetime(ranking) {
    let context = unsafe Unmanaged.passUnretained(ranking).toOpaque()
    unsafe qsort_r(
      &clients, clients.count, MemoryLayout<CInt>.stride,
      { a, b, context in
        let box = unsafe Unmanaged<Ranking>.fromOpaque(context)
        let ranking = unsafe box.takeUnretainedValue()
        ranking.comparisons += 1
        let left = unsafe ranking.bytes[Int(a.load(as: CInt.self))]
        let right = unsafe ranking.bytes[Int(b.load(as: CInt.self))]
        return (left < right ? 1 : 0) - (left > right ? 1 : 0)
      }, context)
  }
  return ranking.comparisons
}
