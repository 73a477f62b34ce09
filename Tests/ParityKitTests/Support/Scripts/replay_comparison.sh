#!/bin/bash
# replay_comparison.sh PARITY FAULTY: finds a difference, and replays it with the line that the report prints.
parity=$1
cd "$(mktemp -d)" || exit
compare() {
  eval "\"$parity\" $1 >out 2>&1"
  echo "status $?"
}
replay_line() { sed -n 's/^  replay with: parity //p' out | head -n 1; }

compare "compare --left '$2 server {port} none' --right \"env 'X=a b' $2 server {port} byte\" \
  --channels wire --only split-at-3"
line=$(replay_line)
echo "$line" | grep -o "[-]-channels.*"
compare "$line"
test "$(replay_line)" = "$line" && echo "the same line"
rm -r "$PWD"
