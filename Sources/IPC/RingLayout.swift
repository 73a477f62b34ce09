/// The layout of the rings' memory, as `include/ipc/ring_layout.h` describes it: offsets in bytes.
public enum RingLayout {
  public static let magicNumber: UInt64 = 0x0A67_6E69_5263_7049
  public static let versionNumber: UInt32 = 1
  /// The value of `halfClosed` of a side that failed before it had sent all: `IPC_RING_RESET`.
  public static let reset: UInt32 = 2
  /// Bytes that each word has for itself which one side writes often: `IPC_RING_LINE`.
  public static let line = 128
  /// Bytes before the first ring: `IPC_RING_HEADER`.
  public static let header = 4096

  public static let magic = 0
  public static let version = 8
  public static let headerSize = 12
  public static let capacity = 16
  /// The words of the first side; those of the second side are one line further.
  public static let waiters = 128
  public static let halfClosed = 132
  public static let closed = 136
  /// The counts of what the first side sends; those of what the second side sends are two lines further.
  public static let written = 384
  public static let read = 512
  /// The end of the last word.
  public static let end = 896
}
