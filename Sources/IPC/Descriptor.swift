public import SystemPackage

/// An open descriptor that is owned: it can't be copied, and is closed once, at the end of its owner's lifetime.
public struct Descriptor: ~Copyable, Sendable {
  /// The number, to pass to the kernel or to print. It is invalid after the descriptor is closed.
  public let number: CInt

  /// Takes ownership of a descriptor: no other code may close it.
  public init(owning number: CInt) {
    self.number = number
  }

  deinit {
    // `Engine.close` reports an error instead of ignoring it.
    try? FileDescriptor(rawValue: number).close()
  }

  /// A borrowed copy, which must not be used after the descriptor is closed.
  public var lent: FileDescriptor { FileDescriptor(rawValue: number) }

  /// Gives up ownership, without closing.
  public consuming func release() -> CInt {
    let number = number
    discard self
    return number
  }
}
