internal import ArgumentParser
internal import IPC

/// The sizes of a message queue.
struct QueueOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The size of a message in bytes, including a header of 16 bytes. (default: \(Limit.defaultQueueMessage))",
      valueName: "number"),
    transform: { try OptionValue.number($0, in: Limit.queueMessage) })
  var queueMessage: Int?

  @Option(
    help: ArgumentHelp(
      "How many messages a queue can buffer. A sender waits while the queue is full. (default: \(Limit.defaultQueueDepth))",
      valueName: "number"
    ),
    transform: { try OptionValue.number($0, in: Limit.queueDepth) })
  var queueDepth: Int?

  var sizes: LinkSizes {
    LinkSizes(message: queueMessage ?? Limit.defaultQueueMessage, depth: queueDepth ?? Limit.defaultQueueDepth)
  }

  func validate(for endpoint: Endpoint) throws {
    if case .queue = endpoint { return }
    guard queueMessage == nil, queueDepth == nil else {
      throw ValidationError("--queue-message and --queue-depth apply to queue: endpoints only")
    }
  }
}
