public import SystemPackage

/// An open descriptor, owned: it closes when its owner's life ends, once, and cannot be copied.
public struct Descriptor: ~Copyable, Sendable {
  /// The number, for the kernel and for reports; not to be kept.
  public let number: CInt

  /// Takes over a descriptor that nobody else closes.
  public init(owning number: CInt) {
    self.number = number
  }

  deinit {
    // Whoever wants to know of an error closes with `Engine.close`.
    try? FileDescriptor(rawValue: number).close()
  }

  /// Lends the descriptor; it must not be used after its owner.
  public var lent: FileDescriptor { FileDescriptor(rawValue: number) }

  /// Gives the descriptor away without closing it.
  public consuming func release() -> CInt {
    let number = number
    discard self
    return number
  }
}
