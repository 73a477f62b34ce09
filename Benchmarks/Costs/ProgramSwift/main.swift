// costs-swift: the measured functions are in Swift.
import CostsCallers
import CostsFunctionsSwift
import CostsJobs
import Glibc
import SwiftEngine

exit(
  costs_main(CommandLine.argc, CommandLine.unsafeArgv) {
    Jobs<SwiftEngine, SwiftFunctions>.run(String(cString: $0), $1)
  })
