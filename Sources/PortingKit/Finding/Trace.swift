/// What the code of a file contains, and where.
struct Trace: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A function of a library by its name, and whether it is called in a loop.
    case function(String, inLoop: Bool)
    /// A name in the text: a macro, a type, a constant.
    case word(String)
    case construct(Construct)
  }

  let kind: Kind
  let file: String
  let line: Int
}
