internal import ArgumentParser
internal import IPC

/// How much a message queue holds.
struct QueueOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Bytes of a message, 16 of them its head. (default: \(Limit.defaultQueueMessage))", valueName: "number"),
    transform: { try number($0, in: Limit.queueMessage) })
  var queueMessage: Int?

  @Option(
    help: ArgumentHelp(
      "Messages that stand in a queue; who sends more waits. (default: \(Limit.defaultQueueDepth))", valueName: "number"
    ),
    transform: { try number($0, in: Limit.queueDepth) })
  var queueDepth: Int?

  var sizes: LinkSizes {
    LinkSizes(message: queueMessage ?? Limit.defaultQueueMessage, depth: queueDepth ?? Limit.defaultQueueDepth)
  }

  func validate(for endpoint: Endpoint) throws {
    if case .queue = endpoint { return }
    guard queueMessage == nil, queueDepth == nil else {
      throw ValidationError("--queue-message and --queue-depth go with queue:")
    }
  }
}
