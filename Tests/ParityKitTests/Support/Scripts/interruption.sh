#!/bin/bash
# interruption.sh PARITY FAULTY SIGNAL: interrupts a comparison, and prints its status and everything that it left.
export TMPDIR
TMPDIR=$(mktemp -d)
"$1" compare --left "$2 server {port} spin" --right "$2 server {port} spin" >/dev/null & judge=$!
for _ in $(seq 1000); do pgrep -P $judge >/dev/null && break; sleep 0.01; done
pgrep -P $judge >/dev/null || echo no program was started
kill -"$3" $judge
wait $judge
echo status $?
grep -lsz "PARITY_RUN=$TMPDIR" /proc/[0-9]*/environ
ls "$TMPDIR"
rm -r "$TMPDIR"
