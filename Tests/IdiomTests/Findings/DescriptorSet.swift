import Findings
import Glibc

func isEmpty(_ set: fd_set) -> Bool { set.__fds_bits.0 == 0 }
