// Errors as sentences.
public import IPC
internal import SystemPackage

extension SwiftEngine {
  /// The text is a constant, so that C can keep it.
  package static func syntaxText(_ error: SyntaxError) -> StaticString {
    switch error {
    case .scheme:
      "an endpoint is tcp:HOST:PORT, unix:PATH, unix:@NAME, pipe:PATH, queue:/NAME or memory:/NAME"
    case .host:
      """
      a host is a name (letters, digits, - and _, separated by dots; at most 253 bytes), an IPv4 address of four \
      numbers, an IPv6 address (within an endpoint in brackets), or * (a server on all addresses)
      """
    case .port:
      "a port is a number from 0 to 65535"
    case .path:
      "a Unix socket's path or name has 1 to 107 bytes, and a path contains no NUL"
    case .fifo:
      "a pipe's path has 1 to 248 bytes and contains no NUL"
    case .object:
      "the name of a queue or of shared memory is a slash and 1 to 251 bytes without another slash or a NUL"
    }
  }

  package static func localText(_ error: LocalError) -> StaticString {
    switch error {
    case .owner:
      "the existing object belongs to another user"
    case .mode:
      "the existing object is not private: its mode must be 0600"
    case .kind:
      "an object of another type or format already has this name"
    case .depth:
      """
      a queue of this many messages exceeds /proc/sys/fs/mqueue/msg_max: raise it (sysctl fs.mqueue.msg_max), or \
      use fewer messages
      """
    case .message:
      """
      messages of this size exceed /proc/sys/fs/mqueue/msgsize_max: raise it (sysctl fs.mqueue.msgsize_max), or \
      use smaller messages
      """
    case .queues:
      """
      the system has as many queues as /proc/sys/fs/mqueue/queues_max allows: raise it (sysctl \
      fs.mqueue.queues_max), or remove a queue
      """
    case .bytes:
      "the user's queues exceed RLIMIT_MSGQUEUE: raise it (ulimit -q), or use fewer or smaller messages"
    }
  }

  public static func text(of cause: Cause) -> String {
    switch cause {
    case .system(let errno): errno.rawValue > 0 ? System.errnoText(errno.rawValue) ?? "Unknown error" : "Unknown error"
    case .name(let code): System.resolverText(code)
    case .syntax(let error): syntaxText(error).description
    case .local(let error): localText(error).description
    }
  }
}
