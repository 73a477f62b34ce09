#!/bin/sh
# Installs the Debian packages that are missing: setup.sh PACKAGE... If it can't, it prints what to do.
set -eu

fail() {
  printf 'diptych: %s\n' "$*" >&2
  exit 1
}

command -v swift >/dev/null ||
  fail 'swift is not on the PATH: install Swift 6.3 or later, https://www.swift.org/install/linux/debian/12/'
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
[ "$(printf '%s\n' "${version:-0 0}" | awk '{ print $1 * 100 + $2 }')" -ge 603 ] ||
  fail "this is $(swift --version 2>&1 | head -n 1); Swift 6.3 or later is needed"

missing=
for package in "$@"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
  [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || fail "apt-get is missing: install the software of these Debian packages:$missing"
if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null; then
  as_root=sudo
else
  fail "this needs root, and sudo is missing: as root, run apt-get install$missing"
fi

echo "Installing$missing"
# RUNLEVEL=1 prevents apt-get from starting the installed services (xinetd, haproxy); the tests start their own.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # both are lists
{
  $as_root apt-get update || true # a source may be unreachable; the next command then fails if it matters
  $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y --no-install-recommends $missing
} >"$log" 2>&1 || {
  tail -n 20 "$log" >&2
  fail "could not install$missing"
}
