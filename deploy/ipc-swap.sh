#!/bin/sh
# A program in C changes from the C engine to the Swift engine, function by function.
#
#   ipc-swap make LIBRARY FUNCTION...   writes a static library: the C engine, but these functions from Swift
#   ipc-swap check PROGRAM              reports whether the program takes all functions from Swift
#
# The libraries of both engines are in ../lib, or in the folder IPC_LIB.
set -eu

lib=${IPC_LIB:-$(dirname "$(readlink -f "$0")")/../lib}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

main() {
  nm -D --defined-only --format=just-symbols "$lib/libipc-swift.so" | sort >"$work/contract"
  case "${1-} $#" in
  'make '[3-9] | 'make '[1-9][0-9]*) make_library "$@" ;;
  'check 2') check_program "$2" ;;
  *) fail 'usage: ipc-swap make LIBRARY FUNCTION..., or ipc-swap check PROGRAM' ;;
  esac
}

fail() {
  echo "ipc-swap: $1" >&2
  exit "${2-2}"
}

# The C engine loses its global definitions of the functions, so the linker can take them from Swift only. A C file
# still calls its own functions. Swift's other functions become local, so the linker can take those from C only.
make_library() {
  library=$2
  shift 2
  printf '%s\n' "$@" | sort -u >"$work/names"
  unknown=$(comm -23 "$work/names" "$work/contract")
  [ -z "$unknown" ] || fail "not a function of the contract: $unknown"
  grep '^ipc_link_' "$work/contract" >"$work/links"
  if grep -q '^ipc_link_' "$work/names"; then
    missing=$(comm -13 "$work/names" "$work/links" | tr '\n' ' ')
    [ -z "$missing" ] || fail "the functions of a link share its private state; also name: ${missing% }"
  fi
  ld -r --whole-archive "$lib/libipc-swift.a" -o "$work/ipc-swift.o"
  objcopy --keep-global-symbols="$work/names" "$work/ipc-swift.o"
  objcopy --localize-symbols="$work/names" "$lib/libipc.a" "$work/library.a"
  ar rs "$work/library.a" "$work/ipc-swift.o"
  cp "$work/library.a" "$library"
}

# A program that contains the C engine also contains the functions that the C files share, such as ipc_clock_now.
check_program() {
  program=$1
  objdump -p "$program" >"$work/headers" || fail "$program is not a program"
  { nm --defined-only "$program"; nm -D --defined-only "$program"; } 2>"$work/log" >"$work/symbols"
  awk '$2 ~ /[TtWw]/ && $3 ~ /^ipc_[a-z_]+(@|$)/ { sub("@.*", "", $3); print $3 }' "$work/symbols" | sort -u >"$work/own"
  if grep -q 'NEEDED  *libipc-swift\.so' "$work/headers"; then
    own=$(head -n 1 "$work/own")
    [ -z "$own" ] || fail "$program contains a function $own of its own: name -lipc-swift before -lipc" 1
  else
    grep -q 8SwiftABI "$work/symbols" || fail "$program contains no Swift: name ipc-swift before ipc, or check it before strip" 1
    c=$(comm -23 "$work/own" "$work/contract" | head -n 1)
    [ -z "$c" ] || fail "$program contains the C engine, such as its function $c" 1
  fi
  echo "$program takes all functions from Swift"
}

main "$@"
