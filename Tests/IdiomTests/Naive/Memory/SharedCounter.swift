import Synchronization

struct SharedCounter {
  var count: Atomic<UInt32>
}

func sharedCounterAdd(_ page: UnsafeMutableRawPointer, _ n: UInt32) -> UInt32 {
  let counter = page as! UnsafeMutablePointer<SharedCounter>
  return counter.pointee.count.wrappingAdd(n, ordering: .relaxed).oldValue
}
