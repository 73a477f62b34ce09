// No descriptor stays open after any failure. The test counts them in a process of its own, where no other test opens any.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct LeakTests {
    @Test("Success and every failure close all descriptors", arguments: EngineName.allCases)
    func noLeaks(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        try Leaks(which: which).tryAll()  // opens what stays open for the whole process
        let before = TestSystem.openDescriptors()
        for _ in 1...3 { try Leaks(which: which).tryAll() }
        #expect(TestSystem.openDescriptors() == before)
      }
    }
  }
}

private struct Leaks {
  let which: EngineName

  func tryAll() throws {
    for transport in Transport.allCases {
      try connected(transport)
      try refused(transport)
    }
    try failedSteps()
    try failedFiles()
    try failedClients()
  }

  private func connected(_ transport: Transport) throws {
    let target = try transport.makeEndpoint()
    _ = try serve(which, .echo, at: target.endpoint, keepOpen: true) { server in
      try RawPeer(to: server.endpoint).reset()
      let peer = try RawPeer(to: server.endpoint)
      try peer.halfClose()
      _ = peer.receiveToFailure()
      server.stop()
    }
    let run = try RelayHarness(which, over: transport)
    run.peer = nil
    try run.start()
    _ = try run.wait()
  }

  private func refused(_ transport: Transport) throws {
    let target = try transport.makeEndpoint()
    let listener = try RawListener(at: target.endpoint)
    let endpoint = listener.endpoint
    #expect(failure { _ = try which.engine.openServer([endpoint], backlog: 1, observer: nil) } != nil)
  }

  private func failedSteps() throws {
    let calls: [faults_call] = [
      .FAULTS_SOCKET, .FAULTS_SETSOCKOPT, .FAULTS_BIND, .FAULTS_LISTEN, .FAULTS_GETSOCKNAME, .FAULTS_CONNECT,
      .FAULTS_POLL, .FAULTS_ACCEPT,
    ]
    for call in calls {
      let failed = FaultInjection.during([.fail(call, .ioError)]) { (try? SocketPair(which.engine, .ipv4)) == nil }
      #expect(failed)
    }
    _ = try serve(which, .echo, faults: [.fail(.FAULTS_ACCEPT, .ioError)]) { server in
      let peer = try RawPeer(to: server.endpoint)
      try peer.halfClose()
      _ = peer.receiveToFailure()
    }
    for call in [faults_call.FAULTS_RECV, .FAULTS_SEND] {
      _ = try serve(which, .echo, faults: [.fail(call, .ioError)]) { server in
        let peer = try RawPeer(to: server.endpoint)
        try peer.send("x")
        _ = peer.receiveToFailure()
      }
    }
  }

  private func failedFiles() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("socket")
    do { _ = try RawListener(at: .unix(path: path)) }
    for call in [faults_call.FAULTS_LISTEN, .FAULTS_GETSOCKNAME] {
      let failed = FaultInjection.during([.fail(call, .ioError)]) {
        failure { _ = try which.engine.openServer([.unix(path: path)], backlog: 1, observer: nil) }
      }
      #expect(failed?.cause == .system(.ioError))
    }
  }

  private func failedClients() throws {
    let missing = Endpoint.unix(path: Array("/no such folder/socket"))
    let failed = failure {
      _ = try which.engine.openClient([missing, .tcp(host: "name", port: 1), missing], timeout: nil, observer: nil)
    }
    #expect(failed != nil)
  }
}
