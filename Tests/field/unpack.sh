#!/bin/sh
# Unpacks Debian packages and what they depend on, as far as it is not installed: unpack.sh FOLDER PACKAGE...
# It installs nothing, so no service is started, and packages that conflict can be used side by side.
set -eu

folder=$1
shift
mkdir -p "$folder/archives"

fail() {
  printf 'diptych: %s\n' "$*" >&2
  exit 1
}

command -v apt-get >/dev/null || fail "apt-get is missing: install the software of these Debian packages: $*"
if [ -z "$(ls /var/lib/apt/lists/*_Packages* 2>/dev/null)" ]; then
  if [ "$(id -u)" -eq 0 ]; then apt-get update -qq; else sudo apt-get update -qq; fi
fi

status=0
for package in "$@"; do
  [ ! -e "$folder/archives/$package.done" ] || continue
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
  [ "$state" != installed ] || continue
  names=$(apt-get install --simulate --no-install-recommends "$package" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
  # shellcheck disable=SC2086 # a list
  if [ -n "$names" ] && (cd "$folder/archives" && apt-get download -qq $names) >"$folder/archives/log" 2>&1; then
    for archive in "$folder"/archives/*.deb; do
      dpkg-deb -x "$archive" "$folder"
      rm "$archive"
    done
    : >"$folder/archives/$package.done"
  else
    printf 'diptych: could not download %s\n' "$package" >&2
    status=1
  fi
done
exit "$status"
