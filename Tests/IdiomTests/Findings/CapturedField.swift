import Glibc

struct Command {
  let run: @convention(c) (CInt) -> CInt
}

func command(_ step: CInt) -> Command { Command(run: { $0 + step }) }
