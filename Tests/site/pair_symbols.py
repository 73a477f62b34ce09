#!/usr/bin/env python3
"""Makes a C symbol and the Swift symbol whose comment names it the two languages of one page.

docc joins symbols with the same identifier, so the C symbol gets the identifier of its Swift symbol. The comments of
Swift name the C in three ways: "The corresponding C function is `ipc_send`", "`struct ipc_event`" or "`enum ipc_step`"
for a type, and ": `IPC_HOST_MAX`." at the end of a paragraph for a constant.

It fails if the header does not declare a named symbol, if two Swift symbols name the same one, if a requirement of
Engine names no function, and if nothing in Swift names a function of the header.

usage: pair_symbols.py SWIFT.symbols.json C.symbols.json
Rewrites both files. Run it in the folder to which the locations of the C symbols are relative.
"""

import json
import re
import sys

# Functions of the header that Swift expresses in another way.
C_ONLY = {"ipc_link_descriptor": "Swift waits for a link with `Engine.wait` and its `extra` descriptor"}
# Types that the header declares without their fields; clang extracts no symbol for these.
OPAQUE = {"ipc_link"}
# Macros that the headers use themselves: they compile differently in C, in C++ and for Swift.
INTERNAL = "/base.h"
SAYS = {
    "function": re.compile(r"The corresponding C function is `(\w+)`"),
    "type": re.compile(r"`(?:struct|enum) (\w+)`"),
    "constant": re.compile(r": `(IPC_\w+)`\.$"),
}
KINDS = {"c.func": "function", "c.struct": "type", "c.enum": "type", "c.macro": "constant"}
TYPES = ("swift.struct", "swift.enum", "swift.class")


class Fault(Exception):
    """The comments of Swift and the header do not fit."""


def identifier(symbol):
    return symbol["identifier"]["precise"]


def comment(symbol):
    return [line["text"] for line in symbol.get("docComment", {}).get("lines", [])]


def set_comment(symbol, lines):
    symbol["docComment"] = {"lines": [{"text": line} for line in lines]}


def path(symbol):
    return ".".join(symbol["pathComponents"])


def named(symbol):
    """The kind and the name of the C symbol that this Swift symbol's comment names."""
    first = " ".join(comment(symbol)).split("- ", 1)[0].strip()
    kinds = ["type"] if symbol["kind"]["identifier"] in TYPES else ["function", "constant"]
    for kind in kinds:
        match = SAYS[kind].search(first)
        if match:
            return kind, match[1]
    return None


def pairs(swift, c):
    """The C symbols by the Swift symbols that name them, each by its identifier."""
    declared = {
        (KINDS[symbol["kind"]["identifier"]], symbol["names"]["title"]): symbol
        for symbol in c["symbols"] if symbol["kind"]["identifier"] in KINDS
    }
    found, users = {}, {}
    for symbol in swift["symbols"]:
        name = named(symbol)
        if name is None or name[1] in OPAQUE:
            continue
        if name not in declared:
            raise Fault(f"{path(symbol)} names the C {name[0]} {name[1]}, which the header does not declare")
        if name in users:
            raise Fault(f"{path(symbol)} and {users[name]} name the same C {name[0]} {name[1]}")
        users[name] = path(symbol)
        found[identifier(symbol)] = declared[name]
    check(swift, [name for kind, name in declared if kind == "function"], found, users)
    return found


def check(swift, functions, found, users):
    required = {
        relationship["source"] for relationship in swift["relationships"]
        if relationship["kind"] == "requirementOf" and relationship["target"].endswith("6EngineP")
    }
    for symbol in swift["symbols"]:
        if symbol["kind"]["identifier"] == "swift.type.method" and identifier(symbol) in required:
            if identifier(symbol) not in found:
                raise Fault(f"{path(symbol)} names no C function: write “The corresponding C function is `NAME`.”")
    for name in functions:
        if (("function", name) in users) == (name in C_ONLY):
            problem = "C_ONLY excuses it, but Swift names it" if name in C_ONLY else "no Swift symbol names it"
            raise Fault(f"the C function {name}: {problem}")


def markdown(lines, paths):
    """Makes a comment of the header Markdown: what is not code is plain text, and names of symbols are links."""
    names = re.compile(r"\b(\w+)\b(\(\))?")

    def link(match):
        target = paths.get(match[1])
        return f"[`{match[0]}`](doc:{target})" if target else match[0]

    def convert(line):
        parts = line.split("`")
        parts[::2] = [names.sub(link, re.sub(r"[\\*<\[]", r"\\\g<0>", part)) for part in parts[::2]]
        return "`".join(parts)

    return [convert(line) for line in lines]


def macro(symbol, lines):
    """Reads a macro's comment and value from its header: clang extracts neither."""
    place = symbol["location"]["position"]["line"]
    value = lines[place].split(None, 2)[2:]
    value, _, note = (value[0] if value else "").partition("/*")
    symbol["declarationFragments"].append({"kind": "text", "spelling": " " + value.strip()})
    while place > 0 and lines[place - 1].startswith("#define"):
        place -= 1
    start = place
    while start > 0 and lines[start - 1].startswith("///"):
        start -= 1
    text = [line[3:].strip() for line in lines[start:place]] or [note.replace("*/", "").strip()]
    if text[0]:
        set_comment(symbol, text)


def read_macros(c):
    files = {}
    for symbol in c["symbols"]:
        if symbol["kind"]["identifier"] == "c.macro":
            name = symbol["location"]["uri"].removeprefix("file://")
            if name not in files:
                with open(name) as file:
                    files[name] = file.read().splitlines()
            macro(symbol, files[name])


def renamed(value, identifiers):
    """The same value, with the identifiers of Swift instead of those of C."""
    if isinstance(value, dict):
        return {key: renamed(part, identifiers) for key, part in value.items()}
    if isinstance(value, list):
        return [renamed(part, identifiers) for part in value]
    return identifiers.get(value, value) if isinstance(value, str) else value


def join(swift, c):
    """Returns the two graphs with common identifiers, and how many pairs they have."""
    c["symbols"] = [symbol for symbol in c["symbols"] if not symbol["location"]["uri"].endswith(INTERNAL)]
    read_macros(c)
    found = pairs(swift, c)
    paths = {symbol["names"]["title"]: "/".join(symbol["pathComponents"]) for symbol in c["symbols"]
             if symbol["kind"]["identifier"] != "c.property"}
    for symbol in c["symbols"]:
        set_comment(symbol, markdown(comment(symbol), paths))
        if symbol["kind"]["identifier"] == "c.property":
            symbol["kind"]["displayName"] = "Field"
    # docc shows the comment of Swift in both languages, so that of C follows it.
    for symbol in swift["symbols"]:
        own, other = comment(symbol), comment(found.get(identifier(symbol), {}))
        if " ".join(other).removesuffix(".") not in " ".join(own):
            set_comment(symbol, own + ["", "## In C", ""] + other)
    identifiers = {identifier(symbol): name for name, symbol in found.items()}
    return swift, renamed(c, identifiers), len(found)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    graphs = []
    for name in sys.argv[1:]:
        with open(name) as file:
            graphs.append(json.load(file))
    try:
        *graphs, count = join(*graphs)
    except Fault as fault:
        sys.exit(f"pair_symbols.py: {fault}")
    for name, graph in zip(sys.argv[1:], graphs):
        with open(name, "w") as file:
            json.dump(graph, file)
    print(f"{count} pages are in C and in Swift")


if __name__ == "__main__":
    main()
