/// How an idiom fares if its C is translated word for word. The worst comes first.
public enum Fate: Int, CaseIterable, Comparable, Sendable {
  case wrong, refused, shim, asIs

  public static func < (left: Fate, right: Fate) -> Bool { left.rawValue < right.rawValue }

  /// The words of the reports.
  public var text: String {
    switch self {
    case .wrong: "compiles and is wrong"
    case .refused: "naive code is refused"
    case .shim: "needs a shim"
    case .asIs: "imports as is"
    }
  }

  /// The word of the JSON.
  var word: String {
    switch self {
    case .wrong: "wrong"
    case .refused: "refused"
    case .shim: "shim"
    case .asIs: "as-is"
    }
  }
}

/// How much of the C is written anew.
public enum Effort: String, CaseIterable, Sendable {
  case line, function, design

  public var text: String {
    switch self {
    case .line: "a line each"
    case .function: "the function around it"
    case .design: "the design of the program"
    }
  }
}

/// What shows that a file uses an idiom.
enum Sign: Sendable {
  /// One of these functions of a library is called, or its address is taken.
  case functions(Set<String>)
  /// One of these functions is called in a loop.
  case loops(Set<String>)
  /// One of these names is in the text; `EAI_*` is all names with this start.
  case words(Set<String>)
  case constructs(Set<Construct>)

  func matches(_ kind: Trace.Kind) -> Bool {
    switch (self, kind) {
    case (.functions(let names), .function(let name, _)): names.contains(name)
    case (.loops(let names), .function(let name, let inLoop)): inLoop && names.contains(name)
    case (.words(let names), .word(let word)): Self.contains(names, word)
    case (.constructs(let constructs), .construct(let construct)): constructs.contains(construct)
    default: false
    }
  }

  private static func contains(_ names: Set<String>, _ word: String) -> Bool {
    if names.contains(word) { return true }
    guard let last = word.firstIndex(of: "_") else { return false }
    return names.contains("\(word[...last])*")
  }
}

/// A row of the catalogue: an idiom, its signs, how it fares, and the page that shows it.
struct Rule: Sendable {
  /// The page below `Sources/Diptych.docc` without `.md`, such as `Idioms/Addresses/AcceptPeer`; nil if no page shows it.
  let page: String?
  let title: String
  let fate: Fate
  let effort: Effort
  /// A sentence that says why it fares so, or what to write instead.
  let note: String
  let signs: [Sign]

  /// - Parameters:
  ///   - page: `Topic/Idiom`, or `Porting/Chapter`, or nil.
  ///   - functions: Names with spaces between, as `loops` and `words`.
  init(
    _ page: String?, _ fate: Fate, _ effort: Effort, _ title: String, _ note: String, functions: String = "",
    loops: String = "", words: String = "", constructs: Set<Construct> = []
  ) {
    self.page = page.map { $0.hasPrefix("Porting/") ? $0 : "Idioms/\($0)" }
    self.title = title
    self.fate = fate
    self.effort = effort
    self.note = note
    let names = { (list: String) -> Set<String> in Set(list.split(separator: " ").map(String.init)) }
    signs = [
      .functions(names(functions)), .loops(names(loops)), .words(names(words)), .constructs(constructs),
    ]
  }

  /// The name of the page, which is the name of the idiom.
  var idiom: String? { page?.split(separator: "/").last.map(String.init) }

  func matches(_ trace: Trace) -> Bool { signs.contains { $0.matches(trace.kind) } }
}
