#!/bin/bash
# interruptions.sh PARITY MOMENT...: interrupts fuzz runs at different moments while they start programs, and prints the statuses
# and everything that they left.
export TMPDIR
TMPDIR=$(mktemp -d)
parity=$1
shift
for moment in "$@"; do
  "$parity" fuzz --role filter --left cat --right 'cat -u' --seed 1 --jobs 32 -o "$TMPDIR" >/dev/null 2>&1 & judge=$!
  sleep $moment
  kill -TERM $judge
  wait $judge
  echo status $?
  grep -lsz "PARITY_RUN=$TMPDIR" /proc/[0-9]*/environ
done | sort | uniq -c | sed 's/^ *//'
ls "$TMPDIR"
rm -r "$TMPDIR"
