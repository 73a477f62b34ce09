#!/bin/sh
# Prepares the programs of the field below .build/field, and judges them: field.sh [self|busy|pairs]... [NAME...]
# Debian packages are unpacked, not installed. PyPI's are in a virtual environment. Keys are made here.
set -eu

build=.build/field
here=$(dirname "$0")
pypi='gunicorn pyyaml uvicorn waitress'

fail() {
  printf 'diptych: %s\n' "$*" >&2
  exit 1
}

mkdir -p "$build/bin" "$build/keys"
if [ ! -e "$build/venv/$(echo "$pypi" | tr ' ' '-')" ]; then
  python3 -m venv "$build/venv"
  # shellcheck disable=SC2086 # a list
  "$build/venv/bin/pip" install -q --disable-pip-version-check $pypi || fail "could not install from PyPI: $pypi"
  : >"$build/venv/$(echo "$pypi" | tr ' ' '-')"
fi
# shellcheck disable=SC2046 # a list
"$here/unpack.sh" "$build/root" $("$build/venv/bin/python3" "$here/field.py" packages)

go build -o "$build/bin/echo-go" "$here/files/echo.go"
rustc -O -o "$build/bin/echo-rust" "$here/files/echo.rs"
PATH=$PWD/$build/root/usr/bin:$PATH
[ -e "$build/keys/dropbear" ] || dropbearkey -t ed25519 -f "$build/keys/dropbear" >/dev/null 2>&1
[ -e "$build/keys/openssh" ] || ssh-keygen -q -t ed25519 -N '' -f "$build/keys/openssh"

"$build/venv/bin/python3" "$here/field_tests.py" 2>"$build/field_tests.log" || { cat "$build/field_tests.log" >&2; exit 1; }
exec "$build/venv/bin/python3" "$here/field.py" "$@"
