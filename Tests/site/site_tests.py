#!/usr/bin/env python3
"""Tests of the programs that build the site."""

import json
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # no folder of compiled modules beside the sources

import finish_site
import pair_symbols


def swift(path, comment, kind="type.method"):
    return {"identifier": {"precise": "s:" + path}, "kind": {"identifier": "swift." + kind},
            "pathComponents": path.split("."), "docComment": {"lines": [{"text": line} for line in comment]}}


def c(name, comment="", kind="func", line=0):
    return {"identifier": {"precise": "c:" + name}, "kind": {"identifier": "c." + kind}, "pathComponents": [name],
            "names": {"title": name}, "docComment": {"lines": [{"text": comment}]}, "declarationFragments": [],
            "location": {"uri": "file://ipc/a.h", "position": {"line": line}}}


def says(name):
    return ["Does it. The corresponding C", f"function is `{name}`."]


def join(swift_symbols, c_symbols):
    required = [{"kind": "requirementOf", "source": symbol["identifier"]["precise"], "target": "s:3IPC6EngineP"}
                for symbol in swift_symbols if symbol["pathComponents"][0] == "Engine"]
    only = [c(name) for name in pair_symbols.C_ONLY]
    return pair_symbols.join({"symbols": swift_symbols, "relationships": required},
                             {"symbols": c_symbols + only, "relationships": []})


class PairTests(unittest.TestCase):
    def refuses(self, reason, *graphs):
        with self.assertRaisesRegex(pair_symbols.Fault, reason):
            join(*graphs)

    def test_both_get_one_identifier_and_the_page_has_both_comments(self):
        one, other, count = join([swift("Engine.send", says("ipc_send"))], [c("ipc_send", "Sends; as send(2).")])
        self.assertEqual(count, 1)
        self.assertEqual(other["symbols"][0]["identifier"]["precise"], "s:Engine.send")
        self.assertEqual(pair_symbols.comment(one["symbols"][0])[-4:], ["", "## In C", "", "Sends; as send(2)."])

    def test_a_type_and_a_constant_name_their_c_as_well(self):
        symbols = [swift("Event", ["A step, `struct ipc_event`."], "struct"), swift("Step", ["`enum ipc_step`"], "enum")]
        self.assertEqual(join(symbols, [c("ipc_event", kind="struct"), c("ipc_step", kind="enum")])[2], 2)

    def test_a_comment_that_swift_repeats_is_shown_once(self):
        symbols = [swift("Event", ["A step, `struct ipc_event`."], "struct")]
        one, _, _ = join(symbols, [c("ipc_event", "A step.", "struct")])
        self.assertEqual(pair_symbols.comment(one["symbols"][0]), ["A step, `struct ipc_event`."])

    def test_a_requirement_that_names_an_unknown_function_is_an_error(self):
        symbols = [swift("Engine.send", says("ipc_sent"))]
        self.refuses("Engine.send names the C function ipc_sent", symbols, [c("ipc_send")])

    def test_a_requirement_that_names_no_function_is_an_error(self):
        self.refuses("Engine.send names no C function", [swift("Engine.send", ["Sends."])], [])

    def test_a_function_that_swift_does_not_name_is_an_error(self):
        self.refuses("ipc_send: no Swift symbol names it", [], [c("ipc_send")])

    def test_an_excuse_that_is_no_longer_needed_is_an_error(self):
        name = next(iter(pair_symbols.C_ONLY))
        self.refuses(f"{name}: C_ONLY excuses it", [swift("Engine.descriptor", says(name))], [])

    def test_two_symbols_that_name_one_function_are_an_error(self):
        self.refuses("name the same C function", [swift("Engine.a", says("f")), swift("Engine.b", says("f"))], [c("f")])

    def test_a_comment_of_c_keeps_its_characters_and_links_its_names(self):
        self.assertEqual(
            pair_symbols.markdown([r"As \^[ for `a*`: ipc_send() or IPC_X"], {"ipc_send": "ipc_send"}),
            [r"As \\^\[ for `a*`: [`ipc_send()`](doc:ipc_send) or IPC_X"])

    def test_a_macro_gets_the_value_and_the_comment_of_its_header(self):
        lines = ["/// Bytes.", "#define IPC_A 1", "#define IPC_B (2 + 3) /* more */", "", "#define IPC_C 4 /* alone */"]
        for line, value, text in [(1, " 1", "Bytes."), (2, " (2 + 3)", "Bytes."), (4, " 4", "alone")]:
            symbol = c("IPC", kind="macro", line=line)
            pair_symbols.macro(symbol, lines)
            self.assertEqual(symbol["declarationFragments"][-1]["spelling"], value)
            self.assertEqual(pair_symbols.comment(symbol), [text])


class SiteTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.site = folder.name

    def write(self, name, text):
        os.makedirs(os.path.dirname(f"{self.site}/{name}"), exist_ok=True)
        with open(f"{self.site}/{name}", "w") as file:
            file.write(text)

    def read(self, name):
        with open(f"{self.site}/{name}") as file:
            return file.read()

    def write_pages(self):
        pages = {"send": ("swift", "Engine"), "ipc_c": ("occ", "Lost")}
        for name, (language, parent) in pages.items():
            title = [{"path": "/metadata/title", "value": "ipc_send"}] if language == "swift" else []
            self.write(f"data/documentation/ipc/{name}.json", json.dumps({
                "identifier": {"url": name, "interfaceLanguage": language}, "variantOverrides": [{"patch": title}],
                "variants": [{"paths": [f"/documentation/ipc/{name}"]}], "hierarchy": {"paths": [["IPC", parent]]},
                "metadata": {"title": name, "symbolKind": "func", "required": True}}))

    def test_the_languages_name_is_replaced(self):
        self.write("js/1.js", "x=" + finish_site.LABEL)
        finish_site.name_language(self.site)
        self.assertIn('name:"C"', self.read("js/1.js"))

    def test_a_name_that_is_not_there_is_an_error(self):
        self.write("js/1.js", 'name:"Objective-C"')
        with self.assertRaisesRegex(finish_site.Fault, "0 files"):
            finish_site.name_language(self.site)

    def test_the_navigator_lists_both_names_and_what_is_only_in_c(self):
        self.write_pages()
        send = {"path": "/documentation/ipc/send", "title": "send()", "type": "method"}
        ipc = {"path": "/documentation/ipc", "title": "IPC", "type": "module", "children": [send]}
        self.write("index/index.json", json.dumps({"interfaceLanguages": {"swift": [ipc]}}))
        finish_site.complete_navigator(self.site)
        children = json.loads(self.read("index/index.json"))["interfaceLanguages"]["swift"][0]["children"]
        self.assertEqual([child["title"] for child in children], ["ipc_send · send()", "Only in C", "ipc_c"])

    def test_a_page_that_the_navigator_lacks_is_an_error(self):
        self.write_pages()
        self.write("index/index.json", json.dumps({"interfaceLanguages": {"swift": []}}))
        with self.assertRaisesRegex(finish_site.Fault, "the navigator lacks /documentation/ipc/send"):
            finish_site.complete_navigator(self.site)

    def test_each_page_that_is_opened_as_a_file_leads_to_the_start(self):
        self.write("documentation/a/index.html", finish_site.APP)
        finish_site.add_start(self.site)
        self.assertIn('location.replace("../../index.html")', self.read("documentation/a/index.html"))
        self.assertIn("make docs-serve", self.read("index.html"))


if __name__ == "__main__":
    unittest.main()
