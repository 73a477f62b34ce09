#!/bin/sh
# Copies a file into the folder of a run, with {port}, {dir} and {user} replaced, and becomes the program:
# fill.sh FILE PORT FOLDER COMMAND...
set -eu
file=$1 port=$2 folder=$3
shift 3
sed -e "s/[{]port}/$port/g" -e "s:[{]dir}:$folder:g" -e "s/[{]user}/$(id -un)/g" "$file" >"$folder/${file##*/}"
exec "$@"
