#!/bin/sh
# Checks programs that Debian ships as source: porting-field.sh PROGRAM [FOLDER]. PROGRAM is porting-check. The sources go
# to FOLDER, or to a temporary one that is removed at the end. Prints the last lines of each report.
set -eu

program=$(realpath "$1")
if [ $# -gt 1 ]; then
  folder=$2
  mkdir -p "$folder"
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
cd "$folder"

# A list of its own: the one of the system may have no sources, and remains as it is.
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
echo "deb-src http://deb.debian.org/debian $release main" >sources.list
mkdir -p lists/partial
apt() {
  apt-get -o "Dir::Etc::SourceList=$PWD/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o "Dir::State::Lists=$PWD/lists" "$@" >>fetch.log 2>&1
}
apt update || { tail -n 3 fetch.log >&2; exit 1; }

# check PACKAGE PREPARATION FILES FLAGS: the preparation makes the headers that a build would make.
failed=0
check() {
  if ! apt source "$1"; then
    echo "$1: can't be fetched: $folder/fetch.log" >&2
    failed=1
    return
  fi
  for source in "$1"-[0-9]*/; do
    echo "$1"
    # shellcheck disable=SC2086 # lists of files and of flags
    (cd "$source" && sh -c "$2" >/dev/null 2>&1 && "$program" $3 -- $4 >report.txt) || failed=1
    tail -n 3 "$source/report.txt"
  done
}

check mini-httpd 'make mime_types.h mime_encodings.h' 'mini_httpd.c match.c tdate_parse.c' ''
check tinyproxy ./configure 'src/acl.c src/buffer.c src/child.c src/main.c src/network.c src/reqs.c src/sock.c' \
  '-DHAVE_CONFIG_H -I. -D_GNU_SOURCE -DSYSCONFDIR="" -DLOCALSTATEDIR=""'
check socat ./configure 'socat.c xio-socket.c xio-listen.c xio-exec.c xio-udp.c' '-DHAVE_CONFIG_H -I. -D_GNU_SOURCE'
check rbldnsd 'sh ./configure' 'rbldnsd.c rbldnsd_util.c dns_ptodn.c' '-I. -DVERSION="1"'
check udptunnel true 'udptunnel.c host2ip.c' '-DSIZEOF_SHORT=2'
exit $failed
