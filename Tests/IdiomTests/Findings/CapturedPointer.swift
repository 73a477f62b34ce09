func pointer(_ step: CInt) -> @convention(c) (CInt) -> CInt {
  let next: @convention(c) (CInt) -> CInt = { $0 + step }
  return next
}
