import Findings

let anonymous: Int = ANONYMOUS
let named: UInt32 = NAMED.rawValue
let macro: Int32 = MACRO
let cast: Int = MACRO_OF_A_CAST
let constant: Int = CONSTANT
