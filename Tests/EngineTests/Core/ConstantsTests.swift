// The constants of Swift have the header's values.
internal import CIPC
internal import IPC
internal import Testing

extension Engines {
  @Suite struct ConstantsTests {
    @Test("The limits of Swift equal the header's macros")
    func limits() {
      #expect(Limit.host == IPC_HOST_MAX)
      #expect(Limit.path == IPC_PATH_MAX)
      #expect(Limit.candidates == IPC_CANDIDATES_MAX)
      #expect(Limit.defaultBacklog == IPC_BACKLOG_DEFAULT)
      #expect(Limit.defaultKeepAlive == .seconds(IPC_KEEPALIVE_DEFAULT_S))
      #expect(Limit.keepAlive == .seconds(IPC_KEEPALIVE_MAX_S))
      #expect(Limit.keepAliveProbes == IPC_KEEPALIVE_PROBES)
      #expect(Limit.keepAliveInterval == .seconds(IPC_KEEPALIVE_INTERVAL_S))
      #expect(Limit.line == IPC_LINE_MAX)
      #expect(Limit.greeting == IPC_GREETING_MAX)
      #expect(Limit.buffer == IPC_BUFFER_SIZE)
      #expect(Limit.connectTimeout == .milliseconds(IPC_CONNECT_TIMEOUT_MS))
      #expect(Limit.attemptDelay == .milliseconds(IPC_ATTEMPT_DELAY_MS))
      #expect(Limit.linger == .milliseconds(IPC_LINGER_MS))
      #expect(Limit.listeners == Int(IPC_LISTENERS_MAX))
      #expect(Limit.defaultClients == Int(IPC_CLIENTS_DEFAULT))
      #expect(Limit.defaultDrain == .milliseconds(IPC_DRAIN_DEFAULT_MS))
      #expect(Limit.acceptPause == .milliseconds(IPC_ACCEPT_PAUSE_MS))
      #expect(Limit.pipePath == IPC_PIPE_PATH_MAX)
      #expect(Limit.objectName == IPC_OBJECT_NAME_MAX)
      #expect(Limit.queueMessage == Int(IPC_QUEUE_MESSAGE_MIN)...Int(IPC_QUEUE_MESSAGE_MAX))
      #expect(Limit.defaultQueueMessage == IPC_QUEUE_MESSAGE_DEFAULT)
      #expect(Limit.queueDepth == 1...Int(IPC_QUEUE_DEPTH_MAX))
      #expect(Limit.defaultQueueDepth == IPC_QUEUE_DEPTH_DEFAULT)
      #expect(Limit.peerCheck == .milliseconds(IPC_PEER_CHECK_MS))
      #expect(RingLayout.reset == UInt32(IPC_RING_RESET))
      #expect(Readiness.extra.rawValue == IPC_EXTRA)
      #expect(Readiness.readable.rawValue == IPC_READABLE)
      #expect(Readiness.writable.rawValue == IPC_WRITABLE)
    }

    @Test("The steps of Swift equal the header's enumeration")
    func steps() {
      let steps: [ipc_step] = [
        .IPC_STEP_RESOLVE, .IPC_STEP_CREATE, .IPC_STEP_BIND, .IPC_STEP_LISTEN, .IPC_STEP_ACCEPT, .IPC_STEP_CONNECT,
        .IPC_STEP_RECEIVE, .IPC_STEP_SEND, .IPC_STEP_INPUT, .IPC_STEP_OUTPUT, .IPC_STEP_HALF_CLOSE, .IPC_STEP_WAIT,
        .IPC_STEP_CLOSE, .IPC_STEP_STOP, .IPC_STEP_STATUS_REQUEST, .IPC_STEP_TIME_LIMIT,
      ]
      let swift: [Step] = [
        .resolve, .create, .bind, .listen, .accept, .connect, .receive, .send, .input, .output, .halfClose, .wait,
        .close, .stop, .statusRequest, .timeLimit,
      ]
      #expect(swift == Step.allCases)
      #expect(swift.map { $0.rawValue } == steps.map { Int32($0.rawValue) })
    }

    @Test("The errors and service results of Swift equal the header's enumerations")
    func errors() {
      let syntaxErrors: [ipc_syntax_error] = [
        .IPC_ESCHEME, .IPC_EHOST, .IPC_EPORT, .IPC_EPATH, .IPC_EFIFO, .IPC_EOBJECT,
      ]
      let swiftSyntaxErrors: [SyntaxError] = [.scheme, .host, .port, .path, .fifo, .object]
      #expect(swiftSyntaxErrors == SyntaxError.allCases)
      #expect(swiftSyntaxErrors.map { $0.rawValue } == syntaxErrors.map { Int32($0.rawValue) })
      #expect(SyntaxError.scheme.rawValue == IPC_ERROR_SYNTAX)
      let localErrors: [ipc_local_error] = [
        .IPC_EOWNER, .IPC_EMODE, .IPC_EKIND, .IPC_EDEPTH, .IPC_EMESSAGE, .IPC_EQUEUES, .IPC_EBYTES,
      ]
      let swiftLocalErrors: [LocalError] = [.owner, .mode, .kind, .depth, .message, .queues, .bytes]
      #expect(swiftLocalErrors == LocalError.allCases)
      #expect(swiftLocalErrors.map { $0.rawValue } == localErrors.map { Int32($0.rawValue) })
      #expect(LocalError.owner.rawValue == IPC_ERROR_LOCAL)
      let results: [ipc_service_next] = [.IPC_NEXT_INPUT, .IPC_NEXT_OUTPUT, .IPC_NEXT_END]
      #expect([ServiceResult.Next.input, .output, .end] == ServiceResult.Next.allCases)
      #expect(ServiceResult.Next.allCases.map { $0.rawValue } == results.map { Int32($0.rawValue) })
    }
  }
}
