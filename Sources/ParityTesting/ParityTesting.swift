// Testing has no static library, so this module is absent from programs that `make install` builds statically.
#if canImport(Testing)
  public import ParityKit
  public import Testing

  /// Requires that two commands behave the same.
  ///
  /// Each difference, and each scenario that could not be judged, becomes an issue of the running test, with both sides
  /// aligned and the command line that repeats it.
  ///
  /// ```swift
  /// @Test func theNewServerBehavesLikeTheOldOne() async throws {
  ///   try await expectParity("old-server {port}", "new-server {port}")
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - left: The reference command. `{port}`, `{host}`, `{socket}` and `{dir}` are replaced.
  ///   - right: The command to judge.
  ///   - role: The role of both commands.
  ///   - scenarios: The scenarios to play; nil: the bundled ones.
  ///   - sourceLocation: The line of the test to which its issues point.
  /// - Throws: `Program.Malformed` if a command can't be split, or does not say where it listens or connects.
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

  /// Requires that a comparison reports no difference. Use it for other channels, masks or limits than the default
  /// ones.
  @discardableResult
  public func expectParity(_ comparison: Comparison, sourceLocation: SourceLocation = #_sourceLocation) async -> Report
  {
    let report = await comparison.run()
    for issue in report.issues {
      Issue.record(Comment(rawValue: issue), sourceLocation: sourceLocation)
    }
    return report
  }
#endif
