/// The files that a file of an idiom needs: "Copy also `FILE` of <doc:PAGE>".
enum Companions {
  /// The names at the top level of a file that other files can use.
  static func shared(in text: SourceText) -> Set<String> {
    text.path.hasSuffix(".c") ? LayerTests.definitions(in: text) : declared(in: text, alsoPrivate: false)
  }

  /// The other files whose names a file uses. A name that it declares itself is its own.
  static func needs(of text: SourceText, owners: [String: String]) -> Set<String> {
    let isC = text.path.hasSuffix(".c")
    let own = isC ? LayerTests.definitions(in: text) : declared(in: text, alsoPrivate: true)
    let used = text.identifiers.filter { !own.contains(String($0.name)) }.compactMap { owners[String($0.name)] }
    return Set(used).subtracting([text.path])
  }

  private static func declared(in text: SourceText, alsoPrivate: Bool) -> Set<String> {
    let declaration = /^(?:[@a-z()]+ )*(?:func|struct|enum|class|protocol|actor|typealias|let|var) ([A-Za-z]\w*)/
    let names = text.code.compactMap { line -> String? in
      guard alsoPrivate || !line.contains(/^(?:@\w+ )*(?:private|fileprivate)\b/) else { return nil }
      return line.firstMatch(of: declaration).map { String($0.1) }
    }
    return Set(names)
  }

  /// The files that a page tells to copy.
  static func named(in page: String) -> Set<String> {
    let sentences = page.matches(of: /Copy also (?:[^.]|\.[a-z])*\./).map { String($0.0) }
    return Set(sentences.flatMap { $0.matches(of: /`(Sources\/[^`]+)`/).map { String($0.1) } })
  }

  /// The pages by the files' names: `Sources/CIdioms/text/byte_classes.c` has `Idioms/Text/ByteClasses.md`.
  static func pages() async throws -> [String: String] {
    let pages = try await Repository.files(under: "Sources/Diptych.docc/Idioms", ending: ".md")
    return Dictionary(pages.map { (LayerTests.snake($0.stem), $0) }, uniquingKeysWith: { first, _ in first })
  }
}
