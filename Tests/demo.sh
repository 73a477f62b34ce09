#!/bin/sh
# Runs each server with each client on real connections, and checks that C and Swift print the same: demo.sh BIN, the
# folder of the programs.
set -eu

bin=$1
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
mkfifo "$work/ready"

# run_pair SERVER_ENGINE CLIENT_ENGINE SERVICE: the client sends standard input.
run_pair() {
  "$bin/$1-server" --service "$3" tcp:127.0.0.1:0 >"$work/$1-$2-server" 2>"$work/ready" &
  server=$!
  read -r word endpoint <"$work/ready" # the server prints `listening ENDPOINT` once it listens
  if [ "$word" != listening ]; then
    echo "$word $endpoint"
    exit 1
  fi
  "$bin/$2-client" "$endpoint" >"$work/$1-$2-client"
  wait "$server"
  server=
  printf '  %-12s %-12s on %-19s  client prints %s' "$1-server" "$2-client" "$endpoint" "$(show "$work/$1-$2-client")"
  [ ! -s "$work/$1-$2-server" ] || printf ', server prints %s' "$(show "$work/$1-$2-server")"
  echo
}

show() { # prints a file in quotes, with \n for a newline
  printf '"%s"' "$(tr '\n' '\036' <"$1" | sed 's/\x1e/\\n/g')"
}

agreed=yes
for service in greeting message echo; do
  case $service in
  greeting) sent='' ;;
  *) sent='Hello from the client\n' ;;
  esac
  printf '\n%s: the client sends "%s"\n' "$service" "$sent"
  for server_engine in c swift; do
    for client_engine in c swift; do
      printf '%b' "$sent" | run_pair "$server_engine" "$client_engine" "$service"
      for side in client server; do
        cmp -s "$work/c-c-$side" "$work/$server_engine-$client_engine-$side" || agreed=no
      done
    done
  done
done

echo
if [ "$agreed" = no ]; then
  echo 'C and Swift DISAGREED; see above.'
  exit 1
fi
echo 'C and Swift agreed: for each of the three services, all four pairings printed the same bytes.'
