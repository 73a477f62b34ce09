public import CostsCallers

/// The measured functions with Swift types.
public protocol Functions {
  static func add(_ one: Int64, _ other: Int64) -> Int64
  static func copy(_ name: Name) -> Name
  static func copy(_ text: String) -> String
  static func notify(_ event: @escaping (Int64) -> Void, _ value: Int64)
}

/// A Swift value with the content of a C structure.
public struct Name {
  public let bytes: [UInt8]

  @inlinable public init(bytes: [UInt8]) { self.bytes = bytes }

  @inlinable public init(_ c: costs_name) {
    self.init(bytes: withUnsafeBytes(of: c.bytes) { [UInt8]($0.prefix(Int(c.length))) })
  }

  @inlinable public var c: costs_name {
    var c = costs_name()
    c.length = UInt16(bytes.count)
    withUnsafeMutableBytes(of: &c.bytes) { $0.copyBytes(from: bytes) }
    return c
  }
}

/// The measured functions in Swift.
public enum SwiftFunctions: Functions {
  @inline(never) public static func add(_ one: Int64, _ other: Int64) -> Int64 { one &+ other }

  @inline(never) public static func copy(_ name: Name) -> Name { name }

  @inline(never) public static func copy(_ text: String) -> String { text }

  @inline(never) public static func notify(_ event: @escaping (Int64) -> Void, _ value: Int64) { event(value) }
}
