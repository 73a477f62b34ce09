#!/bin/bash
# Bundles a comparison of two filters, changes the bundle and the filters, and verifies it. Arguments: parity.
parity=$1
folder=$(mktemp -d)
cd "$folder" || exit
umask 0
# shellcheck disable=SC2016
filter() { printf '#!/bin/sh\necho "started at $(date)" >&2\n%s\n' "$2" > "$1" && chmod +x "$1"; }
filter left 'exec cat'
filter right 'exec cat # right'
filter hullo 'exec sed s/hello/hullo/'
filter other 'exec cat # another'
compare() {
  "$parity" compare --role filter --left "$folder/left" --right "$folder/right" --only a-line \
    --channels wire,output,exit,leftovers "$@"
}
verify() {
  "$parity" verify "$@" > text 2>&1
  local status=$?
  sed -n -E -e 's/[0-9a-f]{12}…/HASH/g' -e 's/^(the (left|right) program is (another file than then|missing)).*/  \1/p' \
    -e 's/^[^:]*: (the (left|right) program behaves otherwise than then).*/  \1/p' \
    -e 's/^.* · ([a-z]+): same\*? then, (.*) now$/  \1: same then, \2 now/p' \
    -e 's/^(still true|no longer true|not judged|intact):.*/  \1/p' \
    -e 's/^(the bundle is not as it was written|[a-z]+\.tar[.a-z]*): /  /p' text
  echo "status $status"
}

for ending in tar tar.gz tar.zst; do
  compare --bundle proof.$ending > report && echo "proof.$ending $(stat -c %a proof.$ending) status $?"
  verify proof.$ending --only-check
done
echo "unchanged"; verify proof.tar
grep -q "bundle: proof.tar.zst, sha256 $(sha256sum < proof.tar.zst | cut -d ' ' -f 1)" report && echo "the printed hash"
echo "another left of the same behaviour"; verify proof.tar --left "$folder/other"
echo "a changed right"; cp right kept; cp hullo right; verify proof.tar --json v.json; cp kept right
python3 -c 'import json; v = json.load(open("v.json")); print(" ", v["standing"], v["verdict"]["now"], [f["same"] for f in v["files"]])'
echo "a missing right"; mv right gone; verify proof.tar; mv gone right

change() {
  rm -rf unpacked && mkdir unpacked && tar -xf proof.tar -C unpacked && (cd unpacked && eval "$1") || exit
  (cd unpacked && find . -type f -o -type l | sed 's|^\./||' | sort | tar --format=ustar -cf ../changed.tar "${@:2}" -T -)
  echo "$1"; verify changed.tar
}
change 'sed -i s/hello/hallo/ transcripts/a-line/left-1.json'
change 'rm masks.yaml; echo > added'
change 'ln -s /etc/passwd link'
change 'rm manifest.json'
change 'cp masks.yaml ../outside' --transform='s|^masks|../masks|'
head -c 140000000 /dev/zero | zstd -q > bomb.tar.zst
echo "a bomb"; verify bomb.tar.zst
echo text > text.tar.zst
echo "no archive"; verify text.tar.zst

refuse() { compare --bundle "$1" 2>&1 > report | sed "s|$folder|FOLDER|"; echo "status ${PIPESTATUS[0]}, $(wc -c < report) bytes"; }
rm -rf unpacked outside; mkdir folder.tar
before=$(ls)
refuse /no-such-folder/x.tar
refuse folder.tar
refuse x.zip
mkdir bin && for tool in sh cat date sha256sum sed; do ln -s "$(command -v $tool)" bin/; done
real=$PATH; PATH=$folder/bin
text=$(compare --bundle x.tar.zst 2>&1); status=$?
PATH=$real
echo "$text, status $status"
rm -r bin
[ "$(ls)" = "$before" ] && echo "nothing is left"
rm -r "$folder"
