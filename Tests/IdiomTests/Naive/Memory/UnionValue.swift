import Glibc

union SettingValue {
  var number: Int32
  var ratio: Float
}

struct Setting {
  var kind: CInt
  var value: SettingValue
}

func settingEncode(_ setting: Setting, _ bytes: inout [UInt8]) -> CInt {
  bytes[0] = UInt8(setting.kind)
  for i in 0..<4 {
    bytes[1 + i] = UInt8(setting.value.number >> (8 * i))
  }
  return 5
}
