#!/bin/sh
# Shows the four pairings of server and client on real connections, and whether C and Swift agreed. Takes the programs' folder.
set -eu

bin=$1
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
mkfifo "$work/said"

# Names of the server's engine and of the client's, and the service; standard input is what to send.
talk() {
  "$bin/$1-server" --service "$3" tcp:127.0.0.1:0 >"$work/$1-$2-server" 2>"$work/said" &
  server=$!
  read -r word where <"$work/said" # its first line tells where it listens, once it does
  if [ "$word" != listening ]; then
    echo "$word $where"
    exit 1
  fi
  "$bin/$2-client" "$where" >"$work/$1-$2-client"
  wait "$server"
  server=
  printf '  %-12s %-12s on %-19s  client prints %s' "$1-server" "$2-client" "$where" "$(show "$work/$1-$2-client")"
  [ ! -s "$work/$1-$2-server" ] || printf ', server prints %s' "$(show "$work/$1-$2-server")"
  echo
}

show() { # the bytes of a file, between quotes, a newline as \n
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
      printf '%b' "$sent" | talk "$server_engine" "$client_engine" "$service"
      for side in client server; do
        cmp -s "$work/c-c-$side" "$work/$server_engine-$client_engine-$side" || agreed=no
      done
    done
  done
done

echo
if [ "$agreed" = no ]; then
  echo 'C and Swift DISAGREED: see above.'
  exit 1
fi
echo 'C and Swift agreed: all four pairings printed the same bytes, for each of the three services.'
