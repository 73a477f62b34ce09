#!/bin/sh
# Compares the C programs with the Swift programs: parity.sh BIN REPORTS [RUNS]. Compares the servers with every service
# and scenario, with and without -k, over TCP and a Unix socket; the clients; RUNS random scenarios (2000); and every
# server with every client: over TCP also nc, ncat, socat and Python; over pipes, queues and shared memory the input is
# a program file. Writes a page and JSON of each comparison to REPORTS; exits with the worst status.
set -eu

PATH=$1:$PATH
reports=$2
runs=${3:-2000}
log=$reports/last.txt
worst=0
mkdir -p "$reports"
rm -f "$reports"/*.html "$reports"/*.json

# judge NAME COMMAND...: runs the command and prints its last line, or all lines if it fails; at most TRIES times (1).
judge() {
  name=$1
  shift
  for try in $(seq "${TRIES:-1}"); do
    status=0
    "$@" >"$log" || status=$?
    [ "$status" -eq 0 ] || cat "$log"
    printf '%-18s %s\n' "$name" "$(tail -n 1 "$log")"
    [ "$status" -ne 0 ] || return 0
    echo "$name: the programs differed in try $try of ${TRIES:-1}"
  done
  [ "$status" -le "$worst" ] || worst=$status
}

compare() {
  judge "$1" parity compare --strict-calls --budget 0 --left "c-$2" --right "swift-$2" --html "$reports/$1.html" --json "$reports/$1.json"
}

for service in greeting message echo discard chargen; do
  compare "$service" "server {port} --service $service"
  compare "$service-k" "server -k {port} --service $service"
done
compare greeting-unix 'server unix:{socket}'
judge clients parity compare --strict-calls --budget 0 --role client --left 'c-client {host} {port}' --right 'swift-client {host} {port}' \
  --html "$reports/clients.html" --json "$reports/clients.json"

judge 'random' parity fuzz --left 'c-server -k {port} --service echo' --right 'swift-server -k {port} --service echo' \
  --seed 7 --runs "$runs" -o "$reports" --json "$reports/chance.json"
judge 'random, clients' parity fuzz --role client --left 'c-client {host} {port}' --right 'swift-client {host} {port}' \
  --seed 7 --runs "$((runs / 10))" -o "$reports" --json "$reports/chance-clients.json"

judge 'every pair' parity grid --input-file /dev/null --html "$reports/pairs.html" --json "$reports/pairs.json" \
  --server 'c-server {host} {port}' --server 'swift-server {host} {port}' \
  --server "sh -c 'printf \"Server Message\" | nc -N -l {host} {port}'" \
  --server "sh -c 'printf \"Server Message\" | ncat --send-only -l {host} {port}'" \
  --server "socat 'TCP-LISTEN:{port},bind={host},reuseaddr' 'SYSTEM:echo -n Server Message'" \
  --server "python3 -c 'import socket, sys
server = socket.create_server((sys.argv[1], int(sys.argv[2])))
client, _ = server.accept()
client.sendall(b\"Server Message\")' {host} {port}" \
  --client 'c-client {host} {port}' --client 'swift-client {host} {port}' --client 'nc -N {host} {port}' \
  --client 'ncat {host} {port}' --client 'socat - TCP:{host}:{port}' \
  --client "python3 -c 'import socket, sys
server = socket.create_connection((sys.argv[1], int(sys.argv[2])))
sys.stdout.buffer.write(server.makefile(\"rb\").read())' {host} {port}"

# Without a port to check, `parity` waits for the line `listening` of a server.
# Four pairs at once: the queues of more exceed what Linux allows a user (RLIMIT_MSGQUEUE, 819,200 bytes).
for endpoint in 'pipe:{dir}/hello' 'queue:/parity-{port}' 'memory:/parity-{port}'; do
  for service in greeting message echo discard; do
    judge "${endpoint%%:*}, $service" parity grid --jobs 4 --ready listening --input-file "$(command -v c-client)" \
      --html "$reports/${endpoint%%:*}-$service.html" \
      --server "c-server $endpoint --service $service" --server "swift-server $endpoint --service $service" \
      --client "c-client $endpoint" --client "swift-client $endpoint"
  done
done

echo "reports: $reports/*.html"
exit "$worst"
