#!/usr/bin/env python3
"""Makes the sources of the build in which each function of the contract can be exchanged at start.

clang reads the headers that ipc.h includes. Into .build/swap/generated go:

  functions.h    FUNCTION(NAME, GROUP) for each function; the functions of a group share private state
  rows.json      for each function its C file, and its group
  IPCContract/   the module of the headers, in which each function has the symbol swift_NAME
  CIPC/          one file for each C file: it includes that file, whose functions become weak, and get a second name
                 c_NAME. Exchange/exchange.c has the strong definitions, so a call in the same C file also goes there.
"""

import json
import os
import re
import subprocess
import sys

GENERATED = ".build/swap/generated"
SOURCES = "Sources/CIPC"
NOTE = "/* Made by Tests/swap/generate.py. */\n"


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    functions = read_header()
    definitions = find_definitions(functions)
    missing = [function for function in functions if function not in definitions]
    if missing:
        sys.exit(f"generate.py: {SOURCES} defines no function {', '.join(missing)}, which include/ipc.h declares")
    lines = [f"FUNCTION({function}, {group})\n" for function, group in functions.items()]
    write("functions.h", NOTE + "// clang-format off\n" + "".join(lines))
    rows = [
        {"function": function, "group": group, "file": definitions[function]} for function, group in functions.items()
    ]
    write("rows.json", json.dumps(rows, indent=1) + "\n")
    write_contract(functions)
    write_wrappers(functions, definitions)


def read_header():
    """The functions of the headers in their order, each with its group: an opaque structure that it has, or itself."""
    with open("include/ipc.h", encoding="utf-8") as umbrella:
        headers = re.findall(r'^#include "(ipc/\w+\.h)"', umbrella.read(), re.MULTILINE)
    paths = [f"include/{header}" for header in headers]
    command = ["clang", "-extract-api", "--product-name=ipc", "-x", "c-header", *paths, "-Iinclude", "-o", "-"]
    symbols = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)["symbols"]
    defined = {symbol["identifier"]["precise"] for symbol in symbols}
    functions = {}
    for symbol in symbols:
        if symbol["kind"]["identifier"] != "c.func":
            continue
        parts = symbol["declarationFragments"]
        types = [part for part in parts if part.get("preciseIdentifier", "").startswith("c:@S@")]
        opaque = [part["spelling"] for part in types if part["preciseIdentifier"] not in defined]
        functions[symbol["names"]["title"]] = opaque[0] if opaque else symbol["names"]["title"]
    return functions


def find_definitions(functions):
    """The C file that defines each function. A wrong answer does not build: the second name would have no first one."""
    definition = re.compile(r"^\w[\w *]*?\b(ipc_\w+)\([^;{]*\{", re.MULTILINE)
    found = {}
    for room in sorted(os.listdir(SOURCES)):
        for name in sorted(os.listdir(f"{SOURCES}/{room}")):
            if not name.endswith(".c"):
                continue
            path = f"{room}/{name}"
            with open(f"{SOURCES}/{path}", encoding="utf-8") as file:
                defined = definition.findall(file.read())
            found.update({function: path for function in defined if function in functions})
    return found


def write_contract(functions):
    names = "".join(f"#pragma redefine_extname {function} swift_{function}\n" for function in functions)
    write("IPCContract/contract.h", f'{NOTE}{names}#include "../../../../include/ipc.h"\n')
    write("IPCContract/module.modulemap", 'module IPCContract {\n  header "contract.h"\n  export *\n}\n')


def write_wrappers(functions, definitions):
    written = set()
    for room in os.listdir(SOURCES):
        for name in os.listdir(f"{SOURCES}/{room}"):
            if not name.endswith(".c"):
                continue
            path = f"{room}/{name}"
            own = [function for function in functions if definitions[function] == path]
            weak = "".join(f"#pragma weak {function}\n" for function in own)
            second = "".join(f'__asm__(".globl c_{function}\\n.set c_{function}, {function}");\n' for function in own)
            write(f"CIPC/{path}", f'{NOTE}{weak}#include "../../../../../{SOURCES}/{path}"\n{second}')
            written.add(f"{GENERATED}/CIPC/{path}")
    for folder, _, names in os.walk(f"{GENERATED}/CIPC"):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(".c") and path not in written:
                os.remove(path)
    if not os.path.islink(f"{GENERATED}/CIPC/include"):
        os.symlink("../../../../include", f"{GENERATED}/CIPC/include")


def write(name, text):
    """Writes a file unless it has this text already, so that a build compiles only what has changed."""
    path = f"{GENERATED}/{name}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            if file.read() == text:
                return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
