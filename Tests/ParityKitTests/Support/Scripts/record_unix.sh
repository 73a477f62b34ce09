#!/bin/bash
# record_unix.sh PARITY: records a session over Unix sockets, and prints its steps.
cd "$(mktemp -d)" || exit
socat UNIX-LISTEN:server PIPE & server=$!
until [ -S server ]; do sleep 0.01; done
"$1" record --listen unix:in --forward unix:server --connections 1 -o s.yaml 2>messages & recorder=$!
until [ -S in ]; do sleep 0.01; done
echo hello | nc -N -U in
wait $recorder
echo $?
wait $server
cat messages
ls
sed -n 's/^  - //p' s.yaml
rm -r "$PWD"
