// Sessions come and go in any order.
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SessionTableTests {
    @Test(arguments: Which.allCases, [nil, 100])
    func clientsEndInAnyOrder(_ which: Which, perAddress: Int?) throws {
      let count = 50
      let how = ServeOptions(keepOpen: true, limits: ClientLimits(clientsPerAddress: perAddress))
      var generator = SplitMix64(seed: Seed.value)
      let order = (0..<count).shuffled(using: &generator)
      let served = try serve(which, .echo, how: how, backlog: count) { server in
        for _ in 1...2 {
          var peers: [Held] = []
          for number in 0..<count {
            let peer = try Peer(to: server.endpoint)
            try peer.send([UInt8(number)])
            peers.append(Held(peer))
          }
          for number in order {
            #expect(try peers[number].peer.receive(1) == [UInt8(number)])
            try peers[number].peer.halfClose()
            #expect(try peers[number].peer.receiveToEnd() == [])
          }
        }
        server.stop()
      }
      #expect(served.failure == nil)
      #expect(served.events.filter { $0.step == .accept && $0.failure == nil }.count == 2 * count)
      #expect(served.events.filter { $0.step == .close && $0.failure == nil }.count == 2 * count)
    }
  }
}

/// A peer that an array can hold.
final class Held {
  let peer: Peer
  init(_ peer: consuming Peer) { self.peer = peer }
}
