#!/bin/bash
# interruptions.sh PARITY: interrupts fuzz runs at different moments while they start programs, and prints the statuses
# and everything that they left.
export TMPDIR
TMPDIR=$(mktemp -d)
for moment in 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.45 0.5; do
  "$1" fuzz --role filter --left cat --right 'cat -u' --seed 1 --jobs 32 -o "$TMPDIR" >/dev/null 2>&1 & judge=$!
  sleep $moment
  kill -TERM $judge
  wait $judge
  echo status $?
  grep -lsz "PARITY_RUN=$TMPDIR" /proc/[0-9]*/environ
done | sort | uniq -c | sed 's/^ *//'
ls "$TMPDIR"
rm -r "$TMPDIR"
