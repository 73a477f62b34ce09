internal import Glibc
internal import SystemPackage

/// A started program, in a process group of its own that `SignalCleanup` knows. Its output is kept as it arrives.
final class ChildProcess {
  let identifier: CInt
  /// Each descriptor is -1 after it was closed.
  private(set) var end: CInt
  private(set) var inputEnd: CInt
  private(set) var outputEnd: CInt
  private(set) var errorEnd: CInt
  private(set) var ending: System.Ending?
  private(set) var endTime: ContinuousClock.Instant?
  /// Bytes that standard input has not accepted yet.
  private(set) var pending: ArraySlice<UInt8> = []
  private var closesInput = false
  private(set) var output: [UInt8] = []
  private(set) var error: [UInt8] = []
  /// The number of newlines in both.
  private(set) var lines = 0
  /// Maximum bytes of each output that are kept; further bytes are read and dropped.
  var outputLimit = Limits.output
  /// The targets of descriptors 0 to 2 at the start, such as `pipe:[12345]`.
  let standards: [String]

  var hasEnded: Bool { ending != nil }
  var exit: Exit { ending.map { Exit(status: $0.status) } ?? .running }

  init(
    _ path: String, _ words: [String], environment: [String], folder: String, hasInput: Bool, mark: ProcessMark
  ) throws(Errno) {
    var opened: [CInt] = []
    do throws(Errno) {
      let output = try System.pipe(nonBlockingReads: true)
      opened += [output.read, output.write]
      let error = try System.pipe(nonBlockingReads: true)
      opened += [error.read, error.write]
      let input = hasInput ? try System.pipe(nonBlockingReads: false) : (read: try System.openNull(), write: -1)
      opened += [input.read, input.write]
      standards = [input.read, output.write, error.write].map {
        System.target(ofLink: "/proc/self/fd/\($0)") ?? ""
      }
      let launch = System.Launch(
        path: path, words: words, environment: environment, folder: folder, input: input.read, output: output.write,
        error: error.write, mark: mark)
      identifier = try SignalCleanup.addGroup { () throws(Errno) in try System.spawn(launch) }
      for descriptor in [input.read, output.write, error.write] { System.close(descriptor) }
      (inputEnd, outputEnd, errorEnd) = (input.write, output.read, error.read)
    } catch {
      for descriptor in opened where descriptor >= 0 { System.close(descriptor) }
      throw error
    }
    end = (try? System.watchEnd(of: identifier)) ?? -1
  }

  deinit {
    for descriptor in [end, inputEnd, outputEnd, errorEnd] where descriptor >= 0 { System.close(descriptor) }
  }

  // MARK: In a poll loop

  var watches: [System.Watch] {
    var watches: [System.Watch] = []
    if !hasEnded, end >= 0 { watches.append(System.Watch(end, input: true)) }
    for descriptor in [outputEnd, errorEnd] where descriptor >= 0 {
      watches.append(System.Watch(descriptor, input: true))
    }
    if inputEnd >= 0, !pending.isEmpty { watches.append(System.Watch(inputEnd, output: true)) }
    return watches
  }

  /// Reads and writes without waiting. Returns the number of bytes moved, plus one if the program ended.
  func serve() -> Int {
    var moved = drain(&outputEnd, &output) + drain(&errorEnd, &error) + feed()
    if !hasEnded, let ending = try? System.reap(identifier) {
      (self.ending, endTime) = (ending, ContinuousClock().now)
      moved += 1
      while true {
        let rest = drain(&outputEnd, &output) + drain(&errorEnd, &error)
        if rest == 0 { break }
        moved += rest
      }
    }
    return moved
  }

  private func drain(_ descriptor: inout CInt, _ kept: inout [UInt8]) -> Int {
    guard descriptor >= 0 else { return 0 }
    do throws(Errno) {
      guard let bytes = try System.read(descriptor, atMost: Limits.chunk) else { return 0 }
      if !bytes.isEmpty {
        kept += bytes.prefix(max(0, outputLimit - kept.count))
        lines += bytes.count { $0 == 10 }
        return bytes.count
      }
    } catch {
      // A read error counts as the end of the output.
    }
    System.close(descriptor)
    descriptor = -1
    return 0
  }

  private func feed() -> Int {
    guard inputEnd >= 0 else { return 0 }
    var moved = 0
    if !pending.isEmpty {
      do throws(Errno) {
        moved = try System.write(inputEnd, pending.prefix(Limits.chunk))
        pending = pending.dropFirst(moved)
      } catch {
        // The program has closed its standard input: the remaining bytes are dropped.
        (pending, closesInput) = ([], true)
      }
    }
    if pending.isEmpty, closesInput {
      System.close(inputEnd)
      inputEnd = -1
    }
    return moved
  }

  // MARK: Input and signals

  func input(_ bytes: [UInt8]) { if inputEnd >= 0, !closesInput { pending += bytes } }

  func dropPending() { pending = [] }

  func endInput() {
    closesInput = true
    _ = feed()
  }

  /// Kills the program, and waits until it has ended.
  func stop() {
    signal(SIGKILL)
    while !hasEnded {
      var watches = [System.Watch(end, input: true)]
      System.poll(&watches, milliseconds: Limits.pollInterval)
      _ = serve()
    }
  }

  func signal(_ number: CInt) { if !hasEnded { System.send(number, to: identifier) } }
}
