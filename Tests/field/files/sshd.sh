#!/bin/sh
# Starts OpenSSH's server: sshd.sh KEY PORT FOLDER. As root it needs a user and a folder that only an installation makes.
set -eu
cp "$1" "$3/host_key"
chmod 600 "$3/host_key"
fill=$(dirname "$0")
sshd=$(command -v sshd)
if [ "$(id -u)" -ne 0 ]; then
  exec "$fill/fill.sh" "$fill/sshd_config" "$2" "$3" "$sshd" -D -e -f "$3/sshd_config"
fi
chown nobody "$3" "$3/host_key"
exec setpriv --reuid=nobody --regid=nogroup --clear-groups -- \
  "$fill/fill.sh" "$fill/sshd_config" "$2" "$3" "$sshd" -D -e -f "$3/sshd_config"
