extension Duration {
  /// Whole milliseconds as poll(2) takes them, rounded up so that no wait ends early.
  public var milliseconds: CInt {
    let (seconds, attoseconds) = components
    let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    let most = Int64(CInt.max)
    return CInt(clamping: max(0, min(max(seconds, -most), most) * 1000 + part))
  }
}
