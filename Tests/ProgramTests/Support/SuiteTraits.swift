import Testing

/// Runs at most three tests at a time. Each starts processes, and on two cores more of them would run into deadlines.
struct LimitedConcurrency: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    guard testCase != nil else { return try await function() }
    await Semaphore.shared.wait()
    do { try await function() } catch {
      await Semaphore.shared.signal()
      throw error
    }
    await Semaphore.shared.signal()
  }
}

private actor Semaphore {
  static let shared = Semaphore(available: 3)

  private var available: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(available: Int) { self.available = available }

  func wait() async {
    if available > 0 {
      available -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func signal() {
    if waiting.isEmpty {
      available += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}

extension Trait where Self == LimitedConcurrency {
  static var limitedConcurrency: Self { Self() }
}

extension Trait where Self == IssueHandlingTrait {
  /// Adds the command that repeats the test to each issue. A suite must be in a file with its name.
  static func repeatable(_ file: String = #fileID) -> Self {
    let suite = file.split(separator: ".")[0].replacing("/", with: ".")
    return .compactMapIssues { issue in
      var issue = issue
      let line: Comment = "repeat: \(Seed.name)=\(Seed.value) swift test --filter \(suite)"
      // The trait handles an issue twice: for the test, and for its suite.
      if !issue.comments.contains(line) { issue.comments.append(line) }
      return issue
    }
  }
}
