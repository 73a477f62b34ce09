#!/usr/bin/env python3
"""Completes the site that docc wrote: what docc has no option for.

usage: finish_site.py FOLDER OF THE SITE
"""

import glob
import json
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# docc calls every language of the C family Objective-C; its code for them is "occ".
LABEL = '{name:"Objective-C",key:{api:"occ"'
# Long lines of code and of error messages wrap instead of being cut, and names of C wrap only as a whole. A
# wrapped line does not continue below its number. A tutorial has no preview, so no label says that there is none.
STYLE = """
.code-listing pre,.code-listing code,.source,.source code{white-space:pre-wrap!important;overflow-wrap:anywhere}
.source wbr{display:none}
.code-line-container:has(.code-number){display:inline-flex;width:100%}
.code-number{flex:none}
.runtime-preview,.preview-toggle-container{display:none}
"""
APP = '<div id="app">'


class Fault(Exception):
    """docc wrote something else than expected."""


def rewrite(name, old, new):
    with open(name) as file:
        text = file.read()
    if old in text:
        with open(name, "w") as file:
            file.write(text.replace(old, new))
    return old in text


def name_language(site):
    changed = [name for name in glob.glob(f"{site}/js/*.js") if rewrite(name, LABEL, LABEL.replace("Objective-C", "C"))]
    if len(changed) != 1:
        raise Fault(f"{len(changed)} files of {site}/js instead of 1 contain {LABEL}")


def add_style(site):
    sheets = glob.glob(f"{site}/css/*.css")
    if not sheets:
        raise Fault(f"{site}/css has no style sheet")
    for name in sheets:
        with open(name, "a") as file:
            file.write(STYLE)


def title_in_c(page):
    """The title of a page's C side, if the page is in both languages."""
    for override in page.get("variantOverrides", []):
        for change in override["patch"]:
            if change["path"] == "/metadata/title":
                if page["metadata"].get("required"):  # of a protocol, which C does not have
                    override["patch"].append({"op": "replace", "path": "/metadata/required", "value": False})
                return change["value"]
    return None


def read_pages(site):
    """The C titles of the pages in both languages, by path, and the pages in C alone, by the path of their parent."""
    titles, only, paths = {}, {}, {}
    for name in sorted(glob.glob(f"{site}/data/documentation/ipc/**/*.json", recursive=True)):
        with open(name) as file:
            page = json.load(file)
        path = page["variants"][0]["paths"][0]
        paths[page["identifier"]["url"]] = path
        title = title_in_c(page)
        if title:
            titles[path] = title
            with open(name, "w") as file:
                json.dump(page, file)
        elif page["identifier"]["interfaceLanguage"] == "occ":
            data = page["metadata"]
            node = {"path": path, "title": data["title"], "type": data["symbolKind"]}
            only.setdefault(page["hierarchy"]["paths"][0][-1], []).append(node)
    root = "/documentation/ipc"
    return titles, {paths.get(parent, root): nodes for parent, nodes in only.items()}


def complete_navigator(site):
    """Lists the C symbols: docc lists only those of the language of the site's first page."""
    name = f"{site}/index/index.json"
    with open(name) as file:
        index = json.load(file)
    titles, only = read_pages(site)
    if not titles or not only:
        raise Fault(f"{site}/data has no pages of C symbols")

    def complete(nodes):
        for node in nodes:
            path = node.get("path")
            if path in titles and node["type"] != "groupMarker":
                node["title"] = f"{titles.pop(path)} · {node['title']}"
            if path in only:
                added = only.pop(path)
                complete(added)
                node.setdefault("children", []).extend([{"title": "Only in C", "type": "groupMarker"}] + added)
            complete([child for child in node.get("children", []) if "path" in child])

    complete(index["interfaceLanguages"]["swift"])
    if titles or only:
        raise Fault(f"the navigator lacks {', '.join([*titles, *only])}")
    with open(name, "w") as file:
        json.dump(index, file)


def add_start(site):
    """A browser loads no data from files, so every page that is opened as a file leads to a page with a way out."""
    for name in glob.glob(f"{site}/*/**/index.html", recursive=True):
        start = os.path.relpath(f"{site}/index.html", os.path.dirname(name))
        script = f'<script>if (location.protocol === "file:") location.replace("{start}")</script>'
        if not rewrite(name, APP, script + APP):
            raise Fault(f"{name} lacks {APP}")
    shutil.copy(f"{HERE}/start.html", f"{site}/index.html")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    try:
        for step in (name_language, add_style, complete_navigator, add_start):
            step(sys.argv[1])
    except Fault as fault:
        sys.exit(f"finish_site.py: {fault}")


if __name__ == "__main__":
    main()
