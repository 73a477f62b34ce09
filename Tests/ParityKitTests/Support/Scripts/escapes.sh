#!/bin/bash
# Judges a server that starts helpers in a session and an environment of their own, and then kills the judge amid the
# work. Arguments: parity; "no" if it must not create control groups. Prints how many helpers and folders are left.
export TMPDIR PARITY_CONTROL_GROUPS=$2
TMPDIR=$(mktemp -d)
time=98$$
cat > "$TMPDIR/server" <<END
#!/bin/sh
setsid env -i sleep $time &
(setsid env -i sleep $time &)
exec socat "TCP-LISTEN:\$1,fork,reuseaddr" PIPE
END
chmod +x "$TMPDIR/server"
judge=("$1" compare --left "$TMPDIR/server {port}" --right "$TMPDIR/server {port}" --channels wire)
count() { pgrep -cx -f "sleep $time"; }
await() { for _ in $(seq 100); do "$@" && break; sleep 0.1; done; }
"${judge[@]}" --only send >/dev/null
echo "status $?"
echo "left: $(count)"
"${judge[@]}" >/dev/null & process=$!
await pgrep -xf "sleep $time" >/dev/null
kill -KILL $process
none() { [ "$(count)" = 0 ] && ! ls -d "$TMPDIR"/parity.* 2>/dev/null; }
await none >/dev/null
echo "killed: $(count)"
echo "folders: $(find "$TMPDIR" -mindepth 1 -maxdepth 1 -name 'parity.*' | wc -l)"
rm -r "$TMPDIR"
