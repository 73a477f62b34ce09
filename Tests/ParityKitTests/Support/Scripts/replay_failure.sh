#!/bin/bash
# replay_failure.sh PARITY FAULTY: finds a difference, replays its file as the report says, and again with a right
# program that has no fault.
cd "$(mktemp -d)" || exit
"$1" fuzz --left "$2 server {port} none" --right "env X='a b' $2 server {port} status" \
  --seed 5 --runs 200 --max-failures 1 --channels exit,wire -o here >out
echo "status $?"
line=$(sed -n 's/^  replay with: parity //p' out)
echo "$line" | sed 's/-[0-9]*[.]/-N./'
# The line has no word that needs quotes.
# shellcheck disable=SC2086
"$1" $line >again
echo "status $?"
grep -c DIFFER again
# shellcheck disable=SC2086
"$1" $line --right "$2 server {port} none" >/dev/null
echo "status $?"
rm -r "$PWD"
