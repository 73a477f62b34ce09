/// The events to wait for, `IPC_READABLE`, `IPC_WRITABLE` and `IPC_EXTRA`.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: Int32

  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  public static var readable: Readiness { Readiness(rawValue: 1) }
  public static var writable: Readiness { Readiness(rawValue: 2) }
  /// The extra descriptor of a link's wait is readable.
  public static var extra: Readiness { Readiness(rawValue: 4) }
}
