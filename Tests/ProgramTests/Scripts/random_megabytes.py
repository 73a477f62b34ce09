"""Prints random bytes; the same seed prints the same bytes.

usage: random_megabytes.py SEED MEGABYTES
"""

import random
import sys

generator = random.Random(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    sys.stdout.buffer.write(generator.randbytes(1 << 20))
