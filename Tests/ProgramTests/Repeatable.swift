// How every suite here runs.
import Testing

/// Few processes at a time, however many tests there are, so that on two cores none waits for the others' sake.
struct FewAtATime: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    await Gate.shared.enter()
    do { try await function() } catch {
      await Gate.shared.leave()
      throw error
    }
    await Gate.shared.leave()
  }
}

private actor Gate {
  static let shared = Gate(places: 3)

  private var places: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(places: Int) { self.places = places }

  func enter() async {
    if places > 0 {
      places -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func leave() {
    if waiting.isEmpty {
      places += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}

extension Trait where Self == FewAtATime {
  static var fewAtATime: Self { Self() }
}

extension Trait where Self == IssueHandlingTrait {
  /// Adds to what failed the one line that repeats it. A suite stands in the file of its name.
  static func repeatable(_ file: String = #fileID) -> Self {
    let suite = file.split(separator: ".")[0].replacing("/", with: ".")
    return .compactMapIssues { issue in
      var issue = issue
      let line: Comment = "repeat: \(Seed.name)=\(Seed.value) swift test --filter \(suite)"
      // A suite's trait is asked for the test, and for the suite that it is in.
      if !issue.comments.contains(line) { issue.comments.append(line) }
      return issue
    }
  }
}
