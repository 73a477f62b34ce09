import Subprocess
import Testing

@testable import PortingKit

/// The catalogue and the reference agree.
struct CatalogueTests {
  @Test("Each page that the catalogue names exists") func pagesExist() async throws {
    let pages = Set(try await Checkout.files("Sources/Diptych.docc", "*.md"))
    for rule in Catalogue.rules {
      guard let page = rule.page else { continue }
      #expect(pages.contains("Sources/Diptych.docc/\(page).md"), "\(rule.title)")
    }
  }

  @Test("Each idiom of the reference has a rule") func idiomsHaveRules() async throws {
    let pages = try await idioms()
    #expect(pages.count >= 110)
    let named = Set(Catalogue.rules.compactMap(\.page))
    for page in pages { #expect(named.contains(page), "no rule of the catalogue names \(page)") }
  }

  /// What the compiler said about the naive Swift is recorded, and the Swift of the page shows whether it needs a shim.
  @Test("An idiom fares in the catalogue as the reference's records say") func fates() async throws {
    for page in try await idioms() {
      let name = page.split(separator: "/").dropFirst().joined(separator: "/")
      let record = try Checkout.read("Tests/IdiomTests/Records/\(name).txt")
      let isShimmed = try Checkout.read("Sources/Idioms/\(name).swift").contains("import CLinux\n")
      let isRefused = record.contains("error: ") || record.contains("crash: ")
      let fates = Set(Catalogue.rules.filter { $0.page == page }.map(\.fate))
      let ofRefused: Set<Fate> = isShimmed ? [.refused, .shim] : [.refused]
      let expected = isRefused ? ofRefused : [.wrong, .asIs]
      #expect(!fates.isDisjoint(with: expected), "\(page): \(fates)")
    }
  }

  /// The compiler's word on each function: a variadic one counts as missing.
  @Test("A function imports as is only if the module Glibc has it, and needs a shim only if the module lacks it")
  func glibc() async throws {
    var functions: [(name: String, rule: Rule)] = []
    for rule in Catalogue.rules {
      for case .functions(let names) in rule.signs { functions += names.map { ($0, rule) } }
    }
    let folder = try await Folder()
    let lines = functions.enumerated().map { "func f\($0)() { let x: Int = \($1.name); _ = x }\n" }
    let file = try folder.add("names.swift", "import Glibc\n" + lines.joined())
    let compiled = try await run(
      .name("swiftc"), arguments: ["-typecheck", "-swift-version", "6", "-diagnostic-style", "llvm", file],
      output: .discarded, error: .string(limit: 1 << 20))
    var missing: Set<Int> = []
    for match in compiled.standardError.matches(of: /names\.swift:(\d+):\d+: error: ([^\n]*)/) {
      let isMissing = match.2.contains("cannot find") || match.2.contains("unavailable") || match.2.contains("Any...")
      if isMissing, let line = Int(match.1) { missing.insert(line - 2) }
    }
    #expect(missing.count > 20 && missing.count < functions.count / 2)
    for (index, function) in functions.enumerated() where function.rule.fate != .refused {
      #expect(missing.contains(index) == (function.rule.fate == .shim), "\(function.name): \(function.rule.title)")
    }
    try await folder.remove()
  }

  @Test("A rule has signs, a title of its own, and one sentence or two as its note") func rows() {
    #expect(Set(Catalogue.rules.map(\.title)).count == Catalogue.rules.count)
    for rule in Catalogue.rules {
      #expect(rule.note.hasSuffix("."), "\(rule.title)")
      let hasSigns = rule.signs.contains { sign in
        switch sign {
        case .functions(let names), .loops(let names), .words(let names): !names.isEmpty
        case .constructs(let constructs): !constructs.isEmpty
        }
      }
      #expect(hasSigns, "\(rule.title)")
    }
  }

  @Test("Each construct that the checker finds belongs to a rule", arguments: Construct.allCases)
  func constructs(construct: Construct) {
    #expect(Catalogue.rules.contains { $0.signs.contains { $0.matches(.construct(construct)) } })
  }

  /// The pages of idioms, as rules name them.
  private func idioms() async throws -> [String] {
    try await Checkout.files("Sources/Diptych.docc/Idioms", "*.md").filter { $0.split(separator: "/").count == 5 }.map {
      $0.split(separator: "/").dropFirst(2).joined(separator: "/").replacing(".md", with: "")
    }
  }
}
