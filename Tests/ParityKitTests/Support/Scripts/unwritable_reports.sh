#!/bin/bash
# Judges a filter; the report can't be opened, and then can't be written. Argument: parity.
folder=$(mktemp -d)
printf '#!/bin/sh\necho >> "%s/starts"\nexec cat\n' "$folder" > "$folder/filter"
chmod +x "$folder/filter"
parity=$1
judge() {
  { "$parity" compare --role filter --left "$folder/filter" --right "$folder/filter" --only a-line "$@" >/dev/null; } 2>&1
}
touch "$folder/starts"
error=$(judge --json /no-such-folder/report.json)
printf 'before: status %s, %s starts\n%s\n' $? "$(wc -l < "$folder/starts")" "$(head -n 1 <<< "$error")"
error=$(judge --json /dev/full)
printf 'after: status %s\n%s\n' $? "$error"
rm -r "$folder"
