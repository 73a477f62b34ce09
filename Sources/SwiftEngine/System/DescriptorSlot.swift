internal import IPC

/// A place for a descriptor that is opened and closed again while its owner lives. The number is beside the descriptor,
/// as the run-time check of access to a noncopyable property shows in the time of a message.
final class DescriptorSlot {
  private var descriptor: Descriptor?
  /// -1 if it is closed.
  private(set) var number: CInt = -1

  var isOpen: Bool { number >= 0 }

  func open(_ descriptor: consuming Descriptor) {
    number = descriptor.number
    self.descriptor = consume descriptor
  }

  func close() {
    number = -1
    descriptor = nil
  }
}
