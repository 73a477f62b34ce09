// Bytes in pieces at both ends, with short counts in between: the receiver gets what the sender sent.
internal import CFaults
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SegmentationTests {
    @Test("Echoed bytes do not depend on segments and short counts")
    func echo() {
      Property.echoSplits.check { trial in
        let transport = trial.random.pick(Transport.allCases)
        let bytes = trial.random.bytes(1...20_000)
        let pieces = trial.random.pieces(bytes, atMost: 3_000)
        let faults = Self.caps(&trial.random, of: [.FAULTS_RECV, .FAULTS_SEND])
        try trial.compare("\(bytes.count) bytes over \(transport)", expected: bytes) { e in
          let target = try transport.makeEndpoint()
          var echoed: [UInt8] = []
          let served = try serve(EngineName(e), .echo, at: target.endpoint, faults: faults) { server in
            let peer = try RawPeer(to: server.endpoint)
            for piece in pieces { try peer.send(piece) }
            try peer.halfClose()
            echoed = try peer.receiveToEnd()
          }
          guard served.failure == nil else { throw Counterexample("\(served.failure!)") }
          return echoed
        }
      }
    }

    @Test("Relayed bytes do not depend on segments and short counts")
    func relay() {
      Property.relaySplits.check { trial in
        let transport = trial.random.pick(Transport.allCases)
        let up = trial.random.bytes(1...20_000)
        let down = trial.random.bytes(1...20_000)
        let pieces = (up: trial.random.pieces(up, atMost: 3_000), down: trial.random.pieces(down, atMost: 3_000))
        let faults = Self.caps(&trial.random, of: [.FAULTS_READ, .FAULTS_WRITE, .FAULTS_RECV, .FAULTS_SEND])
        try trial.compare("\(up.count) up, \(down.count) down over \(transport)", expected: [up, down]) { e in
          let run = try RelayHarness(EngineName(e), over: transport)
          try run.start(faults: faults)
          for piece in pieces.up { try TestSystem.writeAll(run.inputNumber, piece) }
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

    private static func caps(_ random: inout SplitMix64, of calls: [faults_call]) -> [Fault] {
      random.oneIn(3) ? [] : calls.map { .cap($0, random.number(1...600), mustOccur: false) }
    }
  }
}
