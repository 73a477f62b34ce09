#!/bin/bash
# shards.sh PARITY FAULTY: runs both shards of a fuzz run, merges their reports, and compares the result with that
# of the whole run. Then it merges reports that do not belong together.
cd "$(mktemp -d)" || exit
fuzz="fuzz --left '$2 server {port} none' --right '$2 server {port} stderr' --channels output --seed 2 --runs 2"
fuzz="$1 $fuzz --max-failures 100 -o ."
eval "$fuzz --json whole >/dev/null"
echo "status $?"
parallel --will-cite -I @@ "$fuzz --shard @@/2 --json @@.json >/dev/null" ::: 1 2
echo "$? differ"
"$1" merge 2.json 1.json --json merged --junit merged.xml >text
echo "status $?"
sed -i '/"milliseconds"/d' whole merged
cmp whole merged && tail -n 1 text | cut -d ';' -f 1
"$1" merge 1.json 2.json 1.json 2>&1 | head -n 1
echo '{"version": 99}' >bad
"$1" merge 1.json bad 2>&1 | head -n 1
grep -o '<testsuite name="parity" tests="[0-9]*" failures="[0-9]*"' merged.xml
rm -r "$PWD"
