#!/bin/sh
# swift test with these arguments. Where tests fail, says at the end which and why: thousands of lines stand above.
set -eu

log=$(mktemp)
trap 'rm -f "$log"' EXIT
{
  status=0
  swift test --disable-xctest "$@" 2>&1 || status=$?
  echo "$status"
} | tee "$log" | sed -u '$d'
status=$(tail -n 1 "$log")
[ "$status" -eq 0 ] || {
  printf '\nswift test %s: what failed:\n' "$*"
  grep -A 6 -e 'recorded an issue' -e 'error:' -e 'Fatal error' -e 'unexpected signal' "$log" | grep -v ' started\.$' | head -n 200 || true
  grep 'Test run with' "$log" || true
}
exit "$status"
