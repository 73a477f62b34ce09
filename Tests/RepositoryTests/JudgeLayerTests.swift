import Testing

/// The arrows inside the judge: a room names types only of itself and of rooms before it.
struct JudgeLayerTests {
  /// Rooms of the same layer do not know each other.
  static let layers = [
    ["System"], ["Scenarios"], ["Protocols"], ["Running"], ["Comparing"], ["Fuzzing", "Grids", "Recording", "Voting"],
    ["Reporting"], ["Bundling", "Trusting"],
  ]

  @Test("Each room of the judge names only types of rooms before it") func types() async throws {
    var texts: [SourceText] = []
    for path in try await Repository.files(under: "Sources/ParityKit", ending: ".swift") {
      texts.append(try SourceText(path: path))
    }
    #expect(Set(texts.map { Self.room(of: $0.path) }) == Set(Self.layers.joined()))
    for problem in Self.problems(in: texts) { Issue.record("\(problem)") }
  }

  @Test("The check finds a type of a later room, and one of a room beside it") func checks() {
    let texts = [
      SourceText(path: "Sources/ParityKit/System/A.swift", text: "struct A { let b: B? }  // C\n"),
      SourceText(path: "Sources/ParityKit/Grids/B.swift", text: "final class B { let a: A; let c: C }\n"),
      SourceText(path: "Sources/ParityKit/Fuzzing/C.swift", text: "enum C {}\n"),
    ]
    #expect(
      Self.problems(in: texts) == [
        "Sources/ParityKit/System/A.swift names B of Grids", "Sources/ParityKit/Grids/B.swift names C of Fuzzing",
      ])
  }

  static func problems(in texts: [SourceText]) -> [String] {
    var owners: [String: String] = [:]
    for text in texts { for name in LayerTests.types(in: text) { owners[name] = text.path } }
    return texts.flatMap { text in
      Set(text.identifiers.map { String($0.name) }).sorted().compactMap { name in
        guard let owner = owners[name], owner != text.path, !mayUse(room(of: text.path), room(of: owner)) else {
          return nil
        }
        return "\(text.path) names \(name) of \(room(of: owner))"
      }
    }
  }

  private static func mayUse(_ room: String, _ other: String) -> Bool {
    room == other || layer(of: other) < layer(of: room)
  }

  private static func layer(of room: String) -> Int { layers.firstIndex { $0.contains(room) } ?? layers.count }

  private static func room(of path: String) -> String { String(path.split(separator: "/")[2]) }
}
