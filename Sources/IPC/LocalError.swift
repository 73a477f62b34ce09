/// Why a pipe, a queue or shared memory can't be used, `enum ipc_local_error`: the object that has its name can't be
/// trusted, or a limit of the system is too low.
public enum LocalError: Int32, CaseIterable, Sendable {
  /// The object belongs to another user.
  case owner = 30_000
  /// Other users may read or write the object.
  case mode
  /// The object has another type, format or size.
  case kind
  /// `/proc/sys/fs/mqueue/msg_max` is too low.
  case depth
  /// `/proc/sys/fs/mqueue/msgsize_max` is too low.
  case message
  /// `/proc/sys/fs/mqueue/queues_max` is too low.
  case queues
  /// RLIMIT_MSGQUEUE is too low.
  case bytes
}
