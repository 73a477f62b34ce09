import CLinux
import Glibc

func rankClients(_ clients: inout [CInt], _ bytes: [Int]) -> CInt {
  var comparisons: CInt = 0
  qsort_r(
    &clients, clients.count, MemoryLayout<CInt>.stride,
    { a, b, _ in
      comparisons += 1
      let left = bytes[Int(a.load(as: CInt.self))]
      let right = bytes[Int(b.load(as: CInt.self))]
      return (left < right ? 1 : 0) - (left > right ? 1 : 0)
    }, &comparisons)
  return comparisons
}
