// Bytes in pieces at both ends, and short counts in between: what comes is what went.
internal import CFaults
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SegmentationTests {
    @Test func echoedBytesDoNotDependOnSegments() {
      Property.echoSplits.check { trial in
        let transport = trial.random.pick(Transport.allCases)
        let bytes = trial.random.bytes(1...20_000)
        let pieces = trial.random.pieces(bytes, atMost: 3_000)
        let faults = Self.caps(&trial.random, [.FAULTS_RECV, .FAULTS_SEND])
        try trial.compare("\(bytes.count) bytes over \(transport)", expected: bytes) { e in
          let place = try transport.place()
          var echoed: [UInt8] = []
          let served = try serve(Which(e), .echo, at: place.endpoint, faults: faults) { server in
            let peer = try Peer(to: server.endpoint)
            for piece in pieces { try peer.send(piece) }
            try peer.halfClose()
            echoed = try peer.receiveToEnd()
          }
          guard served.failure == nil else { throw Counterexample("\(served.failure!)") }
          return echoed
        }
      }
    }

    @Test func relayedBytesDoNotDependOnSegments() {
      Property.relaySplits.check { trial in
        let transport = trial.random.pick(Transport.allCases)
        let up = trial.random.bytes(1...20_000)
        let down = trial.random.bytes(1...20_000)
        let pieces = (up: trial.random.pieces(up, atMost: 3_000), down: trial.random.pieces(down, atMost: 3_000))
        let faults = Self.caps(&trial.random, [.FAULTS_READ, .FAULTS_WRITE, .FAULTS_RECV, .FAULTS_SEND])
        try trial.compare("\(up.count) up, \(down.count) down over \(transport)", expected: [up, down]) { e in
          let run = try RelayRun(Which(e), over: transport)
          try run.start(faults: faults)
          for piece in pieces.up { try Kernel.writeAll(run.inputNumber, piece) }
          run.input = nil
          for piece in pieces.down { try run.peer!.send(piece) }
          let received = try run.peer!.receiveToEnd()
          run.peer = nil
          let written = try run.written()
          if let failure = try run.wait().failure { throw Counterexample("\(failure)") }
          return [received, written]
        }
      }
    }

    private static func caps(_ random: inout SplitMix64, _ calls: [faults_call]) -> [Fault] {
      random.oneIn(3) ? [] : calls.map { .cap($0, random.number(1...600), meets: false) }
    }
  }
}
