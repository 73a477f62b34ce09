/// What one file and the headers of its project contain.
struct SourceFile {
  let unit: Unit
  let lines: Int
  let traces: Set<Trace>

  init(_ unit: Unit, _ clang: Clang) async throws {
    let bytes = try Files.read(unit.reachablePath)
    let text = SourceText(bytes)
    let output = Preprocessed(try await clang.preprocess(SourceText.marked(bytes), as: unit))
    let main = Preprocessed.short(unit.path)
    let isOwn = { (file: String) -> Bool in file == unit.path || output.headers.contains(Preprocessed.short(file)) }
    var finder = ConstructFinder(isOwn: isOwn)
    let reader = TreeReader(isOwn: isOwn) { finder.take($0) }
    try await clang.readTree(of: unit, reader)

    var traces = finder.traces.filter {
      if case .function(let name, _) = $0.kind { return !finder.ownFunctions.contains(name) }
      return true
    }
    for token in text.tokens(active: output.active) {
      traces.insert(Trace(kind: .word(token.text), file: unit.path, line: token.line))
      if token.text.wholeMatch(of: /0[0-7]{3,4}/) != nil {
        traces.insert(Trace(kind: .construct(.octalMode), file: unit.path, line: token.line))
      }
    }
    self.unit = unit
    lines = text.lineCount
    self.traces = Set(
      traces.map { trace in
        let file = Preprocessed.short(trace.file)
        return Trace(kind: trace.kind, file: file == main ? unit.name : file, line: trace.line)
      })
  }
}
