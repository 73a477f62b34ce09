import Glibc

struct DaemonOptions {
  var host: String?
  var port = "7000"
  var verbose = 0
}

func parseOptions(_ options: inout DaemonOptions) -> CInt {
  let count = CommandLine.argc
  let arguments = CommandLine.unsafeArgv
  var option = getopt(count, arguments, "+p:v")
  while option != -1 {
    switch option {
    case "p": options.port = String(cString: optarg)
    case "v": options.verbose += 1
    default: return -EINVAL
    }
    option = getopt(count, arguments, "+p:v")
  }
  if count - optind > 1 { return -EINVAL }
  if optind < count { options.host = String(cString: arguments[Int(optind)]!) }
  return 0
}

func nextOption(_ names: UnsafePointer<option>) -> CInt {
  getopt_long(CommandLine.argc, CommandLine.unsafeArgv, "+p:v", names, nil)
}
