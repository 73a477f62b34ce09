// Sessions that end in any order.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SessionTableTests {
    @Test("Clients may end in any order", arguments: EngineName.allCases, [nil, 100])
    func anyOrder(_ which: EngineName, perAddress: Int?) throws {
      let count = 50
      let options = ServeOptions(keepOpen: true, limits: ClientLimits(clientsPerAddress: perAddress))
      var generator = SplitMix64(seed: Seed.value)
      let order = (0..<count).shuffled(using: &generator)
      let served = try serve(which, .echo, options: options, backlog: count) { server in
        for _ in 1...2 {
          var peers: [PeerBox] = []
          for number in 0..<count {
            let peer = try RawPeer(to: server.endpoint)
            try peer.send([UInt8(number)])
            peers.append(PeerBox(peer))
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
