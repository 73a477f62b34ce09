// Rings in shared memory, with both sides in one thread.
internal import CIPC
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct RingTests {
    // MARK: The memory

    @Test("The layout is the same in the header's table, in C and in Swift")
    func layout() {
      #expect(RingLayout.magicNumber == UInt64(IPC_RING_MAGIC))
      #expect(RingLayout.versionNumber == UInt32(IPC_RING_VERSION))
      #expect(RingLayout.line == IPC_RING_LINE)
      #expect(RingLayout.header == IPC_RING_HEADER)
      #expect(Limit.ring == Int(IPC_RING_MIN)...Int(IPC_RING_MAX))
      #expect(Limit.defaultRing == IPC_RING_DEFAULT)
      #expect(Limit.ringSpins == UInt32(IPC_RING_SPINS))
      typealias Layout = MemoryLayout<ipc_ring_header>
      let offsets: [(Int?, Int, Int)] = [
        (Layout.offset(of: \.magic), RingLayout.magic, 0), (Layout.offset(of: \.version), RingLayout.version, 8),
        (Layout.offset(of: \.header), RingLayout.headerSize, 12),
        (Layout.offset(of: \.capacity), RingLayout.capacity, 16),
        (Layout.offset(of: \.sides.0.waiters), RingLayout.waiters, 128),
        (Layout.offset(of: \.sides.0.half_closed), RingLayout.halfClosed, 132),
        (Layout.offset(of: \.sides.0.closed), RingLayout.closed, 136),
        (Layout.offset(of: \.sides.1.waiters), RingLayout.waiters + RingLayout.line, 256),
        (Layout.offset(of: \.directions.0.written), RingLayout.written, 384),
        (Layout.offset(of: \.directions.0.read), RingLayout.read, 512),
        (Layout.offset(of: \.directions.1.written), RingLayout.written + 2 * RingLayout.line, 640),
        (Layout.offset(of: \.directions.1.read), RingLayout.read + 2 * RingLayout.line, 768),
      ]
      for (c, swift, documented) in offsets {
        #expect(c == documented)
        #expect(swift == documented)
      }
      #expect(Layout.size == RingLayout.end)
    }

    @Test("Both engines prepare the same bytes, whatever the memory held before")
    func prepare() throws {
      for capacity in [64, 4096, 65_536] {
        let bytes = try fromBoth { which in
          let object = try SharedObject(size: 4096 + 2 * 65_536)
          object.memory.fill(0xEE)
          try which.engine.prepareRing(object.memory, capacity: capacity)
          return object.memory.bytes
        }
        #expect(Array(bytes[0..<8]) == Array("IpcRing\n"))
        #expect(bytes[RingLayout.line..<RingLayout.end].allSatisfy { $0 == 0 })
        #expect(bytes[RingLayout.header...].allSatisfy { $0 == 0xEE }, "the data area is unchanged")
      }
    }

    @Test("A capacity is a power of two within the limits")
    func capacities() throws {
      let object = try SharedObject(size: 8192)
      for capacity in [-1, 0, 1, 63, 65, 96, 4095, (1 << 30) + 1, 1 << 31, 1 << 32, Int.max, Int.min] {
        #expect(resultFromBoth { try $0.ringSize(capacity: capacity) } == .failure(Failure(.create, .invalidArgument)))
        let prepared = resultFromBoth {
          try $0.prepareRing(object.memory, capacity: capacity); return true
        }
        #expect(prepared == .failure(Failure(.create, .invalidArgument)))
      }
      #expect(resultFromBoth { try $0.ringSize(capacity: 64) } == .success(4096 + 128))
      #expect(resultFromBoth { try $0.ringSize(capacity: 1 << 30) } == .success(4096 + (1 << 31)))
      let tooSmall = resultFromBoth {
        try $0.prepareRing(object.memory.prefix(4096 + 127), capacity: 64); return true
      }
      #expect(tooSmall == .failure(Failure(.create, .invalidArgument)))
      #expect(object.memory.bytes.allSatisfy { $0 == 0 })
    }

    /// Makes each word that must have a certain value invalid, one after the other.
    @Test("A ring with an invalid header is rejected", arguments: EngineName.allCases)
    func invalidHeaders(_ which: EngineName) throws {
      let object = try SharedObject(Sides(first: which, second: which), capacity: 4096)
      func refused(_ memory: SharedMemory) -> Bool {
        failure { _ = try which.engine.openRing(memory, as: .second) } == Failure(.create, .protocolError)
      }
      #expect(!refused(object.memory))
      for size in [0, 8, 895, 896, 4096, 4096 + 2 * 4096 - 1] { #expect(refused(object.memory.prefix(size))) }
      #expect(!refused(object.memory.prefix(4096 + 2 * 4096)))
      for (offset, value) in [
        (0, 0), (4, 0), (8, 0), (8, 2), (12, 0), (12, 8192), (16, 0), (16, 1), (16, 32), (16, 4095), (16, 8192),
        (16, 1 << 31), (384, 4097), (384, .max), (512, 1), (640, 4097), (768, 1), (768, 1 << 31),
      ] as [(Int, UInt32)] {
        let before = object.memory[word: offset]
        object.memory[word: offset] = value
        #expect(refused(object.memory), "\(value) at \(offset)")
        object.memory[word: offset] = before
      }
      #expect(!refused(object.memory))
    }

    // MARK: Bytes

    @Test("Messages of all sizes pass every position at which the ring and its counts wrap", arguments: Sides.allCases)
    func wraparound(_ sides: Sides) throws {
      let pattern = (0..<64).map { UInt8($0 + 1) }
      for start in UInt32.max - 63...UInt32.max {
        let object = try SharedObject(sides, capacity: 64, start: start)
        let (first, second) = try object.ends(sides)
        for size in 1...64 {
          let bytes = Array(pattern.prefix(size))
          for (sender, receiver) in [(first, second), (second, first)] {
            let sent = try sender.send(bytes)
            let received = try receiver.receive(atMost: 100)
            if sent != size || received != bytes { Issue.record("\(size) bytes at \(start): sent \(sent ?? -1)") }
          }
        }
      }
    }

    @Test("An empty ring has nothing to receive, and a full ring accepts no bytes", arguments: Sides.allCases)
    func emptyAndFull(_ sides: Sides) throws {
      let object = try SharedObject(sides, capacity: 64)
      let (first, second) = try object.ends(sides)
      #expect(try second.receive(atMost: 10) == nil)
      #expect(try first.send([]) == 0)
      #expect(try first.send([UInt8](repeating: 1, count: 100)) == 64)
      #expect(try first.send([2]) == nil)
      #expect(try first.send([]) == 0)
      #expect(try second.receive(atMost: 0) == [])
      #expect(try second.receive(atMost: 1) == [1])
      #expect(try first.send([2, 3]) == 1)
      #expect(try first.send([3]) == nil)
      expectBytes(try second.receive(atMost: 100)!, [UInt8](repeating: 1, count: 63) + [2])
      #expect(try second.receive(atMost: 10) == nil)
      #expect(try first.receive(atMost: 10) == nil, "the other direction is another ring")
    }

    @Test(
      "After a half-close the other side receives all bytes and then the end, and can still send",
      arguments: Sides.allCases)
    func halfClose(_ sides: Sides) throws {
      let object = try SharedObject(sides, capacity: 64)
      let (first, second) = try object.ends(sides)
      _ = try first.send(Array("last"))
      try first.halfClose()
      expectFailure(.send, .brokenPipe) { _ = try first.send([1]) }
      #expect(try second.receive(atMost: 3) == Array("las"))
      #expect(try second.receive(atMost: 3) == Array("t"))
      for _ in 1...2 { #expect(try second.receive(atMost: 3) == []) }
      #expect(try second.send(Array("still")) == 5)
      #expect(try first.receive(atMost: 10) == Array("still"))
      #expect(try first.wait(for: .writable, .zero) == .writable, "the next call reports the error")
    }

    @Test("A close ends both directions", arguments: Sides.allCases)
    func close(_ sides: Sides) throws {
      let object = try SharedObject(sides, capacity: 64)
      let (first, second) = try object.ends(sides)
      _ = try first.send([7])
      _ = try second.send([8])
      try first.close()
      expectFailure(.send, .brokenPipe) { _ = try second.send([1]) }
      #expect(try second.receive(atMost: 9) == [7])
      #expect(try second.receive(atMost: 9) == [])
      try second.close()
      // A side that opens the ring again finds the unread bytes and then the end.
      let again = try RingEnd(sides.first, object, .first)
      #expect(try again.receive(atMost: 9) == [8])
      #expect(try again.receive(atMost: 9) == [])
      expectFailure(.send, .brokenPipe) { _ = try again.send([1]) }
    }

    /// The steps corrupt the memory too.
    @Test("The reset of a side that failed is received after its bytes", arguments: Sides.allCases)
    func reset(_ sides: Sides) throws {
      let object = try SharedObject(sides, capacity: 64)
      let (first, second) = try object.ends(sides)
      #expect(try second.send([1, 2]) == 2)
      object.memory[word: RingLayout.halfClosed + RingLayout.line] = RingLayout.reset
      #expect(try first.receive(atMost: 9) == [1, 2])
      #expect(try first.wait(for: .readable, .zero) == .readable)
      for _ in 1...2 { expectFailure(.receive, .connectionReset) { _ = try first.receive(atMost: 9) } }
    }

    @Test("Random steps give the same results with every pair of engines")
    func randomSteps() {
      Property.ringSteps.check { trial in
        let steps = trial.random.ringSteps()
        let start = UInt32(truncatingIfNeeded: trial.random.next())
        let mixed = try RingStep.run(steps, Sides(first: .c, second: .swift), start)
        guard try RingStep.run(steps, Sides(first: .swift, second: .c), start) == mixed else {
          throw Counterexample("c-swift and swift-c differ on \(steps)")
        }
        try trial.compare("\(steps)", expected: mixed) { engine in
          let which = EngineName(engine)
          return try RingStep.run(steps, Sides(first: which, second: which), start)
        }
      }
    }
  }
}
