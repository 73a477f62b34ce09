#!/usr/bin/env python3
"""Tests of the field's own rules: what a list may say, and when a known difference is lost."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True  # the tree stays clean
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import entries  # noqa: E402
import judging  # noqa: E402

PAIR = "- {name: a, left: x, right: y, why: z, only: [line]"
KNOWN = [{"channel": "wire", "scenarios": ["line"], "text": "bye"}]


def report(*cells):
    """A report of one scenario; each cell is a channel, a finding and a text."""
    cells = [{"channel": channel, "finding": finding, "difference": {"left": [text]}} for channel, finding, text in cells]
    return {"scenarios": [{"name": "line", "cells": cells, "troubles": []}]}


class Lists(unittest.TestCase):
    def refused(self, text, reason):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            with self.assertRaisesRegex(entries.Refused, reason):
                entries.pairs(file.name)

    def test_typos_are_refused_with_the_place(self):
        self.refused(PAIR + ", wy: z}", "entry 1: wy is unknown; allowed: name, role")
        self.refused(PAIR + ", role: servr}", "role can't be servr; allowed: server")
        self.refused(PAIR + ", left: x}", "left is given twice")
        self.refused("- {name: a, left: x, right: y, only: [b]}", "why is missing")
        self.refused("- {name: a, left: x, right: y, why: z}", "exactly one of only, scenario")
        self.refused(PAIR + ", differences: [{channel: wire, text: b}]}", "difference 1: scenarios is missing")
        self.refused(PAIR + ", differences: [{channel: wire, scenarios: line, text: b}]}", "must be a list")
        self.refused("a: b", "must be a list of entries")

    def test_the_lists_of_the_tree_are_valid(self):
        self.assertGreaterEqual(len(entries.all_pairs()), 25)
        roles = [entries.role(entry) for entry in entries.all_programs()]
        self.assertGreaterEqual(roles.count("server"), 15)
        self.assertGreaterEqual(roles.count("client"), 10)


class Differences(unittest.TestCase):
    def test_a_known_difference_is_found(self):
        self.assertEqual(judging.problems(report(("wire", "different", "bye"), ("exit", "same", "")), KNOWN), [])

    def test_a_lost_difference_fails(self):
        self.assertIn("lost", judging.problems(report(("wire", "same", "")), KNOWN)[0])
        self.assertIn("instead", judging.problems(report(("wire", "different", "hello")), KNOWN)[0])

    def test_a_difference_that_is_not_named_fails(self):
        found = report(("wire", "different", "bye"), ("exit", "different", "1"))
        self.assertEqual(judging.problems(found, KNOWN), ["not named: line, exit, different: ['1']"])

    def test_the_scenarios_in_doubt_are_those_that_decide(self):
        doubt = {"reason": "differs", "scenarios": ["flood"]}
        calls = {"reason": "differs", "scenarios": ["stall"]}
        rows = [{"channel": "wire", "doubts": [doubt]}, {"channel": "calls", "doubts": [calls]}]
        self.assertEqual(judging.doubtful({"channels": rows, "troubles": []}), {"flood"})
        self.assertEqual(judging.doubtful({}), set())

    def test_no_report_and_a_trouble_fail(self):
        self.assertEqual(judging.problems({}, []), ["no report"])
        hung = {"scenarios": [{"name": "line", "cells": [], "troubles": ["left hung"]}]}
        self.assertEqual(judging.problems(hung, []), ["not named: line, hung: ['left hung']"])


if __name__ == "__main__":
    unittest.main()
