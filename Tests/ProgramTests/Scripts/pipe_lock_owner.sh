#!/bin/sh
# Prints how a second server on the same pipe names the first one: pipe_lock_owner.sh SERVER. The current folder has the
# folders a and b, on two file systems whose files have the same inode numbers; an unrelated process locks a file in b.
set -eu

(
  flock -x 9
  echo locked
  exec sleep 20
) 9>b/file >locked &
unrelated=$!
while ! [ -s locked ]; do sleep 0.01; done
"$1" pipe:a/hello 2>listening &
server=$!
while ! [ -s listening ]; do sleep 0.01; done
"$1" pipe:a/hello 2>&1 | sed "s/ $server\$/ SERVER/" || :
kill "$server" "$unrelated"
wait
