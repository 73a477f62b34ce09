#!/bin/bash
# Judges a server against a program that ends at once; arguments: parity, and compare or fuzz. Prints the status, the
# report, and how often the program was started.
folder=$(mktemp -d)
printf '#!/bin/sh\necho >> "%s/starts"\nexit 1\n' "$folder" > "$folder/ends"
chmod +x "$folder/ends"
options=()
[ "$2" = fuzz ] && options=(--seed 1 --runs 50 --output "$folder")
text=$("$1" "$2" --left 'python3 -m http.server {port}' --right "$folder/ends {port}" "${options[@]}")
printf 'status %s\n%s\nstarts %s\n' $? "$text" "$(wc -l < "$folder/starts")"
rm -r "$folder"
