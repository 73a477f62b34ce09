internal import IPC

/// The beginning of `struct ipc_ring_header`, which does not change after `prepareRing`.
struct RingHeader: BitwiseCopyable {
  var magic = RingLayout.magicNumber
  var version = RingLayout.versionNumber
  var size = UInt32(RingLayout.header)
  var capacity: UInt32

  var isOurs: Bool {
    magic == RingLayout.magicNumber && version == RingLayout.versionNumber && size == RingLayout.header
  }
}
