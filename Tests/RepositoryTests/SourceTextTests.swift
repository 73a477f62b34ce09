import Testing

@Suite struct SourceTextTests {
  @Test("Code, comments and string literals are told apart") func parts() {
    let text = SourceText(
      path: "a.swift", text: "let a = \"who // \\\" b\"  // one\n/* two\nthree */ let d = \"\"\"\n c\n \"\"\"; e\n")
    #expect(text.code == ["let a = \"\"  ", "", " let d = \"\"", "", "; e", ""])
    #expect(text.comments == ["// one", "/* two", "three */", "", "", ""])
    #expect(text.identifiers.map(\.name) == ["let", "a", "let", "d", "e"])
    #expect(text.identifiers.last?.line == 5)
  }

  @Test("An identifier is split into its words") func words() {
    #expect(SourceText.words(of: "IPC_RING_MAX") == ["ipc", "ring", "max"])
    #expect(SourceText.words(of: "ipc_ring_open") == ["ipc", "ring", "open"])
    #expect(SourceText.words(of: "openServer") == ["open", "server"])
  }
}
