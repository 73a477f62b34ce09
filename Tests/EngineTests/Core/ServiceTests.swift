internal import Crowd
internal import IPC
internal import Testing

extension Engines {
  @Suite struct ServiceTests {
    @Test("Greeting sends its message in as many steps as it needs, then ends")
    func greeting() {
      let message = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
      for capacity in [Limit.line, 999, 1000, 1001] {
        let conversation = resultFromBoth { e in ServiceConversation(e, .greeting(message), capacity: capacity) }
        #expect(conversation.map { $0.reply } == .success(message))
        #expect(conversation.map { $0.results.map { $0.next } }.map { $0.last } == .success(.end))
        #expect(conversation.map { $0.results.count } == .success((message.count + capacity - 1) / capacity))
      }
      #expect(
        resultFromBoth { e in ServiceConversation(e, .greeting([]), capacity: Limit.line).results }
          == .success([ServiceResult(next: .end)]))
    }

    @Test("A message ends with its line, with the input, or at the maximum length")
    func message() {
      let full = [UInt8](repeating: UInt8(ascii: "x"), count: Limit.line)
      let cases: [(input: [UInt8], ended: Bool, consumed: Int?, cut: Bool)] = [
        ([], false, nil, false), ([], true, 0, false), (Array("a"), false, nil, false), (Array("a"), true, 1, false),
        (Array("a\nb"), false, 2, false), (Array("\n\n"), false, 1, false),
        (full.dropLast() + [0x0A], false, Limit.line, false),
        (full, true, Limit.line, false), (full, false, Limit.line, true), (full + full, true, Limit.line, true),
        (full + [0x0A], false, Limit.line, true), (Array(full.dropLast()), false, nil, false),
      ]
      for (input, ended, consumed, cut) in cases {
        let step = resultFromBoth { e in
          ServiceStep(e, .message, position: 0, input: input, ended: ended, capacity: Limit.line)
        }
        var expected = ServiceResult(consumed: consumed ?? 0, next: consumed == nil ? .input : .end)
        (expected.produced, expected.prints, expected.cut) = (consumed == nil ? 0 : 18, consumed != nil, cut)
        #expect(step.map { $0.result } == .success(expected), "\(input) \(ended)")
        #expect(step.map { $0.reply } == .success(consumed == nil ? [] : Array("I got your message")))
      }
    }

    @Test("Echo and discard consume all of their input")
    func echoAndDiscard() {
      for (input, ended) in [([], false), ([], true), (Array("abc"), false), (Array("abc"), true)] as [([UInt8], Bool)]
      {
        let next = ended ? ServiceResult.Next.end : .input
        var echoed = ServiceResult(consumed: input.count, next: next)
        (echoed.produced, echoed.echoes) = (input.count, !input.isEmpty)
        let taken = ServiceResult(consumed: input.count, next: next)
        for (service, expected) in [(Service.echo, echoed), (.discard, taken)] {
          let step = resultFromBoth { e in
            ServiceStep(e, service, position: 9, input: input, ended: ended, capacity: Limit.line)
          }
          #expect(step.map { $0.result } == .success(expected))
        }
      }
    }

    @Test("Chargen sends the pattern of RFC 864")
    func chargen() throws {
      let stream = resultFromBoth { e in ServiceConversation(e, .chargen, capacity: 1000, steps: 15).reply }
      #expect(stream == .success(Array(Self.rfc864(from: 0, count: 15_000))))
      let lines = String(decoding: try stream.get(), as: UTF8.self).split(separator: "\r\n")
      #expect(lines[0] == ##" !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefg"##)
      #expect(lines[1] == ##"!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefgh"##)
      #expect(lines[95] == lines[0])
    }

    /// The pattern that RFC 864 recommends: each line has 72 of the 95 printing characters and starts one character after the
    /// line before.
    private static func rfc864(from position: Int, count: Int) -> some Sequence<UInt8> {
      let ring = Array(UInt8(0x20)...0x7E)
      let cycle = ring.indices.flatMap { line in (ring[line...] + ring[..<line]).prefix(72) + [0x0D, 0x0A] }
      return (position..<position + count).lazy.map { cycle[$0 % cycle.count] }
    }

    @Test("Chargen continues its pattern from step to step")
    func chargenPosition() {
      Property.chargenStream.check { trial in
        let start = trial.random.oneIn(2) ? 0 : trial.random.number(0...(1 << 40))
        let capacities = (0..<trial.random.number(1...6)).map { _ in trial.random.number(Limit.line...700) }
        let expected = Array(Self.rfc864(from: start, count: capacities.reduce(0, +)))
        try trial.compare("\(start), \(capacities)", expected: expected) { e in
          var stream: [UInt8] = []
          for capacity in capacities {
            let position = UInt64(start + stream.count)
            stream += ServiceStep(e, .chargen, position: position, input: [], ended: false, capacity: capacity).reply
          }
          return stream
        }
      }
    }

    @Test("A step of any service gives the same result in both engines")
    func randomSteps() {
      Property.serviceSteps.check { trial in
        let service = trial.random.service()
        var position = trial.random.next() >> UInt64(trial.random.number(0...63))
        if case .greeting(let bytes) = service { position = UInt64(trial.random.number(0...bytes.count)) }
        let (input, ended) = (trial.random.message(0...600), trial.random.oneIn(2))
        let capacity = trial.random.number(Limit.line...1000)
        try trial.compare("\(service) at \(position), \(input), \(ended), \(capacity)") { e in
          ServiceStep(e, service, position: position, input: input, ended: ended, capacity: capacity)
        }
      }
    }

    @Test("A message does not depend on how the network splits it")
    func segments() {
      Property.messageFraming.check { trial in
        let input = trial.random.message(0...trial.random.pick([20, 300]))
        let pieces = trial.random.pieces(input, atMost: input.count <= 20 ? 3 : 100)
        let whole = ServiceConversation(EngineName.c.engine, .message, capacity: Limit.line, segments: [input])
        try trial.compare("\(pieces)", expected: whole.printed) { e in
          ServiceConversation(e, .message, capacity: Limit.line, segments: pieces).printed
        }
      }
    }
  }
}

/// One step of a service, with its whole output buffer: the service must not write behind its reply.
private struct ServiceStep: Equatable {
  let result: ServiceResult
  let output: [UInt8]

  var reply: [UInt8] { Array(output.prefix(result.echoes ? 0 : result.produced)) }

  init(
    _ engine: any Engine.Type, _ service: Service, position: UInt64, input: [UInt8], ended: Bool, capacity: Int
  ) {
    var output = [UInt8](repeating: 0xA5, count: capacity)
    var span = output.mutableSpan
    result = engine.step(service, position: position, input: input.span, ended: ended, output: &span)
    self.output = output
  }
}

/// All steps of a service for a client whose input arrives in segments and then ends.
private struct ServiceConversation: Equatable {
  struct Printed: Equatable {
    var text: [UInt8] = []
    var cut = false
    var reply: [UInt8] = []
  }

  var results: [ServiceResult] = []
  var reply: [UInt8] = []
  var printed = Printed()

  init(
    _ engine: any Engine.Type, _ service: Service, capacity: Int, segments: [[UInt8]] = [], steps limit: Int = .max
  ) {
    var (input, segments, ended) = ([UInt8](), segments[...], false)
    while results.count < limit {
      let step = ServiceStep(
        engine, service, position: UInt64(reply.count), input: input, ended: ended, capacity: capacity)
      results.append(step.result)
      reply += step.result.echoes ? Array(input.prefix(step.result.produced)) : step.reply
      if step.result.prints {
        printed.text += input.prefix(step.result.consumed)
        printed.cut = step.result.cut
      }
      input.removeFirst(step.result.consumed)
      if step.result.next == .end { break }
      if let segment = segments.popFirst() { input += segment } else { ended = true }
    }
    printed.reply = reply
  }
}
