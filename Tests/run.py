#!/usr/bin/env python3
"""Builds the tests, runs groups of them, and prints one line for each suite as it ends.

At the end it prints each test that failed, what the test expected, and the line that repeats it. The log of a group is
.build/logs/GROUP.log. A group that fails is run up to TRIES times (an environment variable, default 1).

usage: run.py GROUP=FILTER... [-- OPTION OF swift build AND swift test]...
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

LOGS = ".build/logs"
LINES_OF_A_FAILURE = 12
LINES_OF_A_CRASH = 40


class Suite:
    def __init__(self, name):
        self.name = name
        self.tests = 0
        self.cases = 0
        self.failures = 0
        self.started = 0.0


class Run:
    """One run of `swift test`: reads its events, and prints the suites."""

    def __init__(self, group):
        self.group = group
        self.log = f"{LOGS}/{group}.log"
        self.tests = {}
        self.suites = {}
        self.failures = {}
        self.started = set()

    def take(self, record):
        payload = record["payload"]
        if record["kind"] == "test":
            self.tests[payload["id"]] = payload
        elif record["kind"] == "event":
            self.take_event(payload)

    def take_event(self, event):
        identifier = event.get("testID")
        test = self.tests.get(identifier)
        if test is None:
            return
        kind = event["kind"]
        moment = event["instant"]["absolute"]
        if test["kind"] == "suite":
            suite = self.suites.setdefault(identifier, Suite(identifier.split("/", 1)[-1].split(".")[-1]))
            if kind == "testStarted":
                suite.started = moment
            elif kind == "testEnded" and suite.tests > 0:
                self.print_suite(suite, moment - suite.started)
            return
        suite = self.suites.setdefault(self.suite_of(identifier), Suite(identifier.split(".")[0]))
        if kind == "testStarted":
            suite.tests += 1
            self.started.add(identifier)
        elif kind == "testCaseStarted":
            suite.cases += 1
        elif kind == "issueRecorded" and event["issue"].get("isFailure", True):
            suite.failures += 1
            self.failures.setdefault(identifier, []).append(event)

    @staticmethod
    def suite_of(identifier):
        """The suite's part of an identifier such as `Target.Outer/Inner/function(_:)/File.swift:10:4`."""
        return re.sub(r"/[^/]*\([^/]*\)(/[^/]*)?$", "", identifier)

    def print_suite(self, suite, seconds):
        verdict = "ok" if suite.failures == 0 else "FAILED"
        counts = f"{suite.tests:>4} tests{suite.cases:>6} cases{seconds:>8.1f} s"
        print(f"  {verdict:<7}{self.group:<9} {suite.name:<26}{counts}", flush=True)

    def print_failures(self):
        for identifier, events in self.failures.items():
            test = self.tests[identifier]
            place = re.sub(r"/[^/]*$", "", identifier)
            print(f"\nfailed: {test.get('displayName', test['name'])}")
            for event in events[:LINES_OF_A_FAILURE]:
                location = event["issue"].get("sourceLocation", {})
                print(f"  {location.get('fileID', '?')}:{location.get('line', '?')}")
                for message in event["messages"]:
                    text = message["text"].split("\n")
                    print("    " + "\n    ".join(text[:LINES_OF_A_FAILURE]))
            if len(events) > LINES_OF_A_FAILURE:
                print(f"  and {len(events) - LINES_OF_A_FAILURE} more, see {self.log}")
            print(f"  repeat: swift test --filter '{place.split('(')[0]}'")


def read_events(path, run):
    with open(path, encoding="utf-8", errors="replace") as events:
        for line in events:
            run.take(json.loads(line))


def swift(command, options, log):
    """Runs a command of swift, with all that it prints in the log; returns the exit status."""
    with open(log, "w", encoding="utf-8") as output:
        return subprocess.run(["swift", command, *options], stdout=output, stderr=subprocess.STDOUT, check=False).returncode


def last_lines(log, count):
    with open(log, encoding="utf-8", errors="replace") as output:
        return "\n".join(output.read().splitlines()[-count:])


def follow(run, start):
    """Calls `start` with the options that write a run's events, and reads them meanwhile; returns what it returns."""
    with tempfile.TemporaryDirectory() as folder:
        events = os.path.join(folder, "events")
        os.mkfifo(events)
        # Open for writing until the run ends: otherwise the reader would wait if no test starts.
        writer = os.open(events, os.O_RDWR)
        reader = threading.Thread(target=read_events, args=(events, run))
        reader.start()
        try:
            return start(["--event-stream-version", "6.3", "--event-stream-output-path", events])
        finally:
            os.close(writer)
            reader.join()


def attempt(group, tests, options):
    """Runs a group of tests once; returns the run and its exit status."""
    run = Run(group)
    command = ["--skip-build", "--disable-xctest", "--filter", tests, *options]
    return run, follow(run, lambda stream: swift("test", [*command, *stream], run.log))


def run_group(group, tests, options, tries):
    """Runs a group until it passes, or up to `tries` times; returns its last run and exit status."""
    for number in range(1, tries + 1):
        started = time.monotonic()
        run, status = attempt(group, tests, options)
        count = len(run.failures)
        print(f"{group}: {len(run.started)} tests in {time.monotonic() - started:.0f} s, {count} failed", flush=True)
        if status == 0:
            break
        if number < tries:
            print(f"{group}: try {number} of {tries} failed")
            run.print_failures()
    return run, status


def main():
    split = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    groups, options = [group.split("=", 1) for group in sys.argv[1:split]], sys.argv[split + 1 :]
    os.makedirs(LOGS, exist_ok=True)
    print("building the tests", flush=True)
    if swift("build", ["--build-tests", *options], f"{LOGS}/build.log") != 0:
        print(last_lines(f"{LOGS}/build.log", LINES_OF_A_CRASH))
        return 1
    tries = int(os.environ.get("TRIES", "1"))
    results = [run_group(group, tests, options, tries) for group, tests in groups]
    for run, status in results:
        run.print_failures()
        if status != 0 and not run.failures:
            print(f"\n{run.log} ends with:\n{last_lines(run.log, LINES_OF_A_CRASH)}")
    failed = sum(len(run.failures) for run, _ in results)
    ended = sum(len(run.started) for run, _ in results)
    print(f"\n{ended - failed} passed, {failed} failed")
    return max(status != 0 for _, status in results)


if __name__ == "__main__":
    sys.exit(main())
