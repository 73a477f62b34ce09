/// The steps that events and failures name, `enum ipc_step`.
public enum Step: Int32, CaseIterable, Sendable {
  case resolve, create, bind, listen, accept, connect, receive, send
  /// A relay reads its input.
  case input
  /// A relay or the message service writes its output.
  case output
  case halfClose, wait, close
  /// A server read a stop request.
  case stop
  /// A server read a status request.
  case statusRequest
  /// A client has used up the time that a server gives it.
  case timeLimit
}
