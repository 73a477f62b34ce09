// There is no static Testing: where the runtime is linked in, as `make install` does, there are no tests either.
#if canImport(Testing)
  public import ParityKit
  public import Testing

  /// Requires that two commands behave the same.
  ///
  /// Each place where they part, or where they could not be judged, becomes an issue of the running test, with both
  /// sides aligned and the line that shows it again.
  ///
  /// ```swift
  /// @Test func theNewServerDoesWhatTheOldOneDid() async throws {
  ///   try await expectParity("old-server {port}", "new-server {port}")
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - left: The command that the other is measured by; `{port}`, `{host}`, `{socket}` and `{dir}` are filled in.
  ///   - right: The command to judge.
  ///   - role: What both are.
  ///   - scenarios: What both go through; the bundled scenarios where nil.
  ///   - sourceLocation: The line of the test that its issues point at.
  /// - Throws: `Program.Malformed` where a command can't be split, or does not say where it listens or connects.
  @discardableResult
  public func expectParity(
    _ left: String, _ right: String, role: Role = .server, scenarios: [Scenario]? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Report {
    let comparison = Comparison(try Program(left), try Program(right), role: role, scenarios: scenarios)
    for program in [comparison.left, comparison.right] {
      if let problem = program.problem(as: role) { throw Program.Malformed(description: "\(program): \(problem)") }
    }
    return await expectParity(comparison, sourceLocation: sourceLocation)
  }

  /// Requires that a comparison comes out same: for who wants other channels, masks or limits than `Comparison` begins
  /// with.
  @discardableResult
  public func expectParity(_ comparison: Comparison, sourceLocation: SourceLocation = #_sourceLocation) async -> Report
  {
    let report = await comparison.run()
    for complaint in report.complaints {
      Issue.record(Comment(rawValue: complaint), sourceLocation: sourceLocation)
    }
    return report
  }
#endif
