#!/bin/sh
# swift test with these arguments, TRIES times at most (1) until it passes. What failed is said again at the end of a
# try: thousands of lines stand above.
set -eu

log=$(mktemp)
trap 'rm -f "$log"' EXIT
try=1
while :; do
  {
    status=0
    swift test --disable-xctest "$@" 2>&1 || status=$?
    echo "$status"
  } | tee "$log" | sed -u '$d'
  status=$(tail -n 1 "$log")
  [ "$status" -ne 0 ] || exit 0
  printf '\nTry %s of %s of swift test %s failed:\n' "$try" "${TRIES:-1}" "$*"
  grep -A 6 -e 'recorded an issue' -e 'error:' -e 'Fatal error' -e 'unexpected signal' "$log" |
    grep -v ' started\.$' | head -n 200 || true
  grep 'Test run with' "$log" || true
  [ "$try" -lt "${TRIES:-1}" ] || exit "$status"
  try=$((try + 1))
done
