#!/bin/sh
# Installs the programs, their man pages and completions, and the libraries, or removes them again:
# install.sh install|uninstall BUILD PREFIX, with the folder of the built programs.
set -eu
cd "$(dirname "$0")/.."

action=$1
built=$2
prefix=$3

programs='c-server c-client swift-server swift-client parity porting-check'
commands='compare self fuzz replay grid record merge verify vote scenarios schema' # of parity; each has a man page
libraries='libipc.a libipc-swift.a libipc-swift-runtime.a libipc-swift.so'
packages='ipc ipc-swift ipc-swift-static ipc-swift-runtime'
man=share/man/man1
bash=share/bash-completion/completions
zsh=share/zsh/site-functions
fish=share/fish/vendor_completions.d

uninstall() {
  for program in $programs; do
    rm -f "$prefix/bin/$program" "$prefix/$man/$program.1" \
      "$prefix/$bash/$program" "$prefix/$zsh/_$program" "$prefix/$fish/$program.fish"
  done
  for command in $commands; do
    rm -f "$prefix/$man/parity-$command.1"
  done
  for library in $libraries; do
    rm -f "$prefix/lib/$library"
  done
  for package in $packages; do
    rm -f "$prefix/lib/pkgconfig/$package.pc"
  done
  rm -f "$prefix/include/ipc.h" "$prefix"/include/ipc/*.h "$prefix/bin/ipc-swap" "$prefix/$man/ipc-swap.1"
}

install() {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  for program in $programs; do
    put 755 "$built/$program" "bin/$program"
    strip "$prefix/bin/$program"
    pages "$program"
    completion "$program" bash "$bash/$program"
    completion "$program" zsh "$zsh/_$program"
    completion "$program" fish "$fish/$program.fish"
  done
  libraries
}

put() { # put MODE FILE PATH: PATH is relative to the prefix
  command install -D -m "$1" "$2" "$prefix/$3"
}

# pages PROGRAM: installs the man pages that argument-parser's tool makes from the help. An empty line becomes .Pp, as
# mdoc(7) requires. The page of `help` is dropped, because --help does the same; so is the section of exit statuses,
# because the help has one.
pages() {
  "$built/generate-manual" "$built/$1" --multi-page --output-directory "$work"
  rm "$work/$1.help.1"
  for page in "$work/$1"*.1; do
    sed -e 's/^$/.Pp/' -e '/^\.Sh "EXIT STATUS"$/,/^\.Ex /d' -e "/^\.Xr $1\.help 1/d" "$page" |
      case $1 in
      parity) sed -e '/^\.Xr/s/parity\./parity-/' -e '/^\.Dt/s/PARITY\./PARITY-/' ;;
      *) sed -e '/^\.Ar subcommand$/d' -e '/^\.Sh "SEE ALSO"$/d' ;;
      esac >"$work/page"
    put 644 "$work/page" "$man/$(basename "$page" .1 | tr . -).1"
  done
}

completion() {
  "$built/$1" --generate-completion-script "$2" >"$work/completion"
  put 644 "$work/completion" "$3"
}

# Installs the libraries for programs in C, their headers, a file for pkg-config each, and ipc-swap.
libraries() {
  deploy/libraries.sh "$built" "$work/lib"
  version=$("$built/c-server" --version)
  swift='-Wl,--whole-archive -l:libipc-swift.a -Wl,--no-whole-archive'
  describe ipc 'A socket server and client, step by step' 'Requires: libbsd' '-lipc'
  describe ipc-swift 'The functions of ipc, in Swift' '' '-lipc-swift'
  describe ipc-swift-static 'The functions of ipc, in Swift, as a static library' 'Requires: ipc-swift-runtime' "$swift"
  describe ipc-swift-runtime 'What ipc-swift-static needs of Swift' '' '-lipc-swift-runtime -lstdc++ -lm'
  for header in include/ipc.h include/ipc/*.h; do
    put 644 "$header" "$header"
  done
  for library in $libraries; do
    put 644 "$work/lib/$library" "lib/$library"
  done
  put 755 deploy/ipc-swap.sh bin/ipc-swap
  put 644 deploy/ipc-swap.1 "$man/ipc-swap.1"
}

describe() { # describe NAME DESCRIPTION REQUIRES LIBS: installs a file for pkg-config
  cat >"$work/$1.pc" <<PC
prefix=\${pcfiledir}/../..

Name: $1
Description: $2
Version: ${version#* }
$3
Libs: -L\${prefix}/lib $4
Cflags: -I\${prefix}/include
PC
  put 644 "$work/$1.pc" "lib/pkgconfig/$1.pc"
}

"$action"
