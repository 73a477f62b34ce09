#!/bin/bash
# Compares servers with --protocol auto; arguments: parity, the protocol of the left server, and that of the right one.
# Prints the status, what was printed about the choice, and the command that repeats a difference.
server="python3 $(dirname "$0")/protocol_server.py"
text=$("$1" compare --left "$server $2 {port}" --right "$server $3 {port}" --protocol auto --channels wire \
  --only half-close --budget 0 --json /dev/stdout 2>&1)
echo "status $?"
echo "$text" | grep -e '--protocol auto'
