import Glibc
@preconcurrency import Glibc

func complain() { unsafe _ = fputs("failed\n", stderr) }
