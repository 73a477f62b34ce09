#!/bin/sh
# Makes the libraries for programs in C: libraries.sh BUILT FOLDER, where the folder BUILT has SwiftPM's libipc-swift.a.
#
#   libipc.a                 the C engine
#   libipc-swift.a           the Swift engine, for --whole-archive
#   libipc-swift-runtime.a   what the static library needs of Swift
#   libipc-swift.so          the Swift engine, with all that it needs of Swift
set -eu
cd "$(dirname "$0")/.."

built=$1
folder=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$folder"
for source in Sources/CIPC/*/*.c; do
  cc -std=c17 -O2 -fPIC -Iinclude -c "$source" -o "$work/$(basename "$source" .c).o"
done
rm -f "$folder/libipc.a"
ar rcs "$folder/libipc.a" "$work"/*.o

# The object swiftrt.o registers the metadata of the Swift code with the runtime, before main.
runtime=$(swiftc -static-stdlib -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')/linux
cp "$built/libipc-swift.a" "$work/libipc-swift.a"
chmod u+w "$work/libipc-swift.a"
strip --strip-debug "$work/libipc-swift.a"
ar rs "$work/libipc-swift.a" "$runtime/$(uname -m)/swiftrt.o" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
cp "$work/libipc-swift.a" "$folder/libipc-swift.a"

# One archive, since the libraries of Swift need each other.
{
  echo "create $work/runtime.a"
  for library in swiftSwiftOnoneSupport swiftGlibc swiftSynchronization swift_Concurrency swiftCore dispatch BlocksRuntime; do
    echo "addlib $runtime/lib$library.a"
  done
  echo save
} | ar -M
cp "$work/runtime.a" "$folder/libipc-swift-runtime.a"

# Only the functions of the contract are visible: a program with Swift code of its own has its own runtime.
echo '{ global: ipc_*; local: *; };' >"$work/visible"
cc -shared -o "$folder/libipc-swift.so" -Wl,-soname,libipc-swift.so -Wl,--version-script="$work/visible" -Wl,-z,defs \
  -Wl,--gc-sections -Wl,--whole-archive "$folder/libipc-swift.a" -Wl,--no-whole-archive \
  "$folder/libipc-swift-runtime.a" -Wl,-Bstatic -lstdc++ -Wl,-Bdynamic -static-libgcc -lm
strip --strip-unneeded "$folder/libipc-swift.so"
