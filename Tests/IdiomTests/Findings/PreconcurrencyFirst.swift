@preconcurrency import Glibc
import Glibc

func complain() { unsafe _ = fputs("failed\n", stderr) }
