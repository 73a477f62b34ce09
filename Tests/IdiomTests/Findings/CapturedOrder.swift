import Glibc

func sort(_ numbers: inout [CInt], _ sign: CInt) {
  unsafe qsort(&numbers, numbers.count, MemoryLayout<CInt>.size) {
    unsafe ($0!.load(as: CInt.self) - $1!.load(as: CInt.self)) * sign
  }
}
