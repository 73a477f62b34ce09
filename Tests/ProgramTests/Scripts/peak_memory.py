"""Runs a program, prints its peak memory in KB on standard error, and exits with its status.

usage: peak_memory.py PROGRAM [ARGUMENT...]

Only the parent of a process can read its peak memory after it ended.
"""

import os
import sys

child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
