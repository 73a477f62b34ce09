extension Catalogue {
  /// What a chapter shows, and what no page shows.
  static let language = [
    Rule(
      "Porting/HeaderForSwift", .asIs, .line, "A static inline function in a header",
      "Swift imports it from a C target, and inlines it.", constructs: [.inlineFunctionInHeader]),
    Rule(nil, .refused, .function, "goto back", "Swift has no goto: a loop.", constructs: [.jumpBack]),
    Rule(
      nil, .refused, .function, "A computed goto", "Swift has none: a switch in a loop.", constructs: [.computedJump]),
    Rule(
      nil, .refused, .function, "A statement as an expression, ({ … })",
      "Swift has none: a function, or a closure that is called.", constructs: [.statementExpression]),
    Rule(
      nil, .refused, .design, "Inline assembler", "Swift has none: leave the function in C.",
      constructs: [.inlineAssembler]),
    Rule(
      nil, .refused, .function, "An array whose size is known at run time",
      "Swift has none: an array of Swift, with a limit.", constructs: [.arrayOfRunTimeSize]),
  ]
}
