#!/bin/sh
# first_run.sh FOLDER: prints standard input. The first run that has input, of all that share the folder, prints a
# line more.
exec 3>&1
count=$(tee /dev/fd/3 | wc -c)
[ "$count" -eq 0 ] || mkdir "$1/first" 2>/dev/null && echo more
exit 0
