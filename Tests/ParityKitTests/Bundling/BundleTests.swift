import Testing

/// Bundles that the command writes and verifies.
extension Judge {
  @Suite struct BundleTests {
    @Test("A bundle is verified, and each change of it, of a program and of the machine's tools is named")
    func verification() async throws {
      let text = try await Script.run("bundle.sh", [try await Script.product("parity")])
      #expect(text == Self.expected)
    }

    private static let expected = """
      x
      """
  }
}
