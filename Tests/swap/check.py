#!/usr/bin/env python3
"""Runs the tests of the engines once for each function of the contract that Swift answers in place of C.

The functions of a link are one group: they share private state, so they are exchanged together. The last run exchanges
all functions. Then mistakes are planted in a few Swift functions (Tests/swap/Faults); exactly these must be found.

Prints a line for each function as it ends. The verdicts are also in .build/swap/verdicts.json, and the log of a run is
.build/swap/logs/FUNCTION.log. The check fails if a verdict is not "same". A run that fails is repeated up to TRIES
times (an environment variable, default 1).

usage: check.py [--own] [FUNCTION...], where --own runs for each function only the suite of its C file, not all that
call it; without functions it checks all of them, and then the planted mistakes
"""

import glob
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the tree stays clean
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import run as runner  # noqa: E402

FOLDER = ".build/swap"
TESTS = f"{FOLDER}/debug/DiptychPackageTests.xctest"
COST = f"{FOLDER}/release/cost"
SECONDS_OF_A_RUN = 900
TRIES = int(os.environ.get("TRIES", "1"))
LETTERS_OF_A_TEST = 60
WAYS = ("c", "swift", "trampoline")


class QuietRun(runner.Run):
    def print_suite(self, suite, seconds):
        pass


class Exchange:
    """A run of tests with some functions answered by Swift."""

    def __init__(self, names, label, functions, suites, faults=()):
        self.names, self.label, self.functions, self.faults = names, label, functions, faults
        self.tests = f"EngineTests\\.(Engines/)?({'|'.join(sorted(suites))})/" if suites else "EngineTests"
        self.failed, self.report, self.problem, self.seconds = [], {}, None, 0.0

    def run(self):
        run = QuietRun(self.label)
        run.log = f"{FOLDER}/logs/{self.label}.log"
        report = f"{FOLDER}/calls-{os.getpid()}"
        if os.path.exists(report):
            os.remove(report)
        environment = dict(os.environ, DIPTYCH_SWAP=self.names, DIPTYCH_SWAP_REPORT=report)
        environment["DIPTYCH_SWAP_FAULTS"] = ",".join(self.faults)
        started = time.monotonic()
        command = [TESTS, "--testing-library", "swift-testing", "--filter", self.tests]
        status = runner.follow(run, lambda stream: execute(command + stream, environment, run.log))
        self.seconds = time.monotonic() - started
        self.failed = [run.tests[test].get("displayName", run.tests[test]["name"]) for test in run.failures]
        self.report = read_report(report)
        self.problem = self.find_problem(run, status)

    def find_problem(self, run, status):
        if status is None:
            return f"does not end within {SECONDS_OF_A_RUN} s, see {run.log}"
        if status < 0:
            return f"crashes with {signal.Signals(-status).name}, see {run.log}"
        if self.failed or status != 0:
            return "differs"
        return None if run.started else "no test ran"

    def verdict(self, function):
        if self.problem:
            return self.problem
        language, calls = self.report.get(function, ("nothing", 0))
        expected = "faulty" if function in self.faults else "swift"
        if language != expected:
            return f"was answered by {language}"
        return "same" if calls > 0 else "no test calls it"

    def record(self, function):
        return {
            "verdict": self.verdict(function),
            "found by": self.failed,
            "calls": self.report.get(function, ("", 0))[1],
            "seconds": round(self.seconds, 1),
        }


def execute(command, environment, log):
    """Runs a command with all that it prints in the log; returns its exit status, or None if it does not end."""
    with open(log, "w", encoding="utf-8") as output:
        with subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        ) as process:
            try:
                return process.wait(SECONDS_OF_A_RUN)
            except subprocess.TimeoutExpired:
                return None
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def read_report(path):
    """For each function the languages that answered, and the number of calls, in the tests and in their processes."""
    languages, calls = {}, {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as report:
            for function, language, count in map(str.split, report):
                languages.setdefault(function, set()).add(language)
                calls[function] = calls.get(function, 0) + int(count)
    return {function: (" and ".join(sorted(languages[function])), calls[function]) for function in calls}


def own_suites(rows):
    """The suites of the C files: `socket/stream.c` has StreamTests."""
    stems = {row["file"].rsplit("/", 1)[1].removesuffix(".c") for row in rows}
    return {"".join(word.capitalize() for word in stem.split("_")) + "Tests" for stem in stems}


def find_callers():
    """For each function the suites that call it: no other one could differ. Without an exchange each suite passes."""
    files = glob.glob("Tests/EngineTests/*/*Tests.swift")
    suites = sorted(os.path.basename(file).removesuffix(".swift") for file in files)
    callers = {}
    for number, suite in enumerate(suites, 1):
        print(f"{number:>2}/{len(suites)} without an exchange: {suite}", flush=True)
        baseline = Exchange("", suite, [], {suite})
        run_until_same(baseline, TRIES)
        if baseline.problem:
            sys.exit(f"check.py: {suite} without an exchange: {baseline.problem}, see {FOLDER}/logs/{suite}.log")
        for function, (_, calls) in baseline.report.items():
            if calls > 0:
                callers.setdefault(function, set()).add(suite)
    return callers


def run_until_same(exchange, tries):
    for _ in range(tries):
        exchange.run()
        if not exchange.problem and all(exchange.verdict(function) == "same" for function in exchange.functions):
            break


def measure(program):
    """The nanoseconds of the shortest call of each function: in C, in Swift, and in C through the trampoline."""
    result = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True, timeout=SECONDS_OF_A_RUN)
    lines = [line.split() for line in result.stdout.splitlines()]
    return {function: dict(zip(WAYS, map(float, times))) for function, *times in lines}


def check(rows, callers, costs, faults=()):
    """Runs each group of the rows with the suites that call it, or its own; returns the records of the functions."""
    groups = {}
    for row in rows:
        groups.setdefault(row["group"], []).append(row)
    records = {}
    for number, members in enumerate(groups.values(), 1):
        functions = [row["function"] for row in members]
        suites = own_suites(members).union(*(callers.get(function, ()) for function in functions))
        label = functions[0] + ("+faults" if faults else "")
        exchange = Exchange(functions[0], label, functions, suites, faults)
        run_until_same(exchange, 1 if faults else TRIES)
        for function in functions:
            records[function] = dict(exchange.record(function), cost=costs.get(function))
            print_line(f"{number}/{len(groups)}", function, records[function])
    return records


def print_line(number, name, record):
    cost = record.get("cost")
    times = "".join(f"{cost[way]:>11.0f}" for way in WAYS) if cost else " " * 33
    failed = record["found by"]
    found = f": {failed[0][:LETTERS_OF_A_TEST]}" if failed else ""
    more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
    counts = f"{record['calls']:>8}{record['seconds']:>8}{times}"
    print(f"{number:>5} {name:<25}{counts}  {record['verdict']}{found}{more}", flush=True)


def print_head():
    names = "".join(f"{way:>11}" for way in ("C ns", "Swift ns", "jump to C"))
    print(f"      {'function':<25}{'calls':>8}{'seconds':>8}{names}  verdict", flush=True)


def check_all(rows):
    exchange = Exchange("all", "all", [row["function"] for row in rows], ())
    run_until_same(exchange, TRIES)
    records = {function: exchange.record(function) for function in exchange.functions}
    bad = [function for function in records if records[function]["verdict"] != "same"]
    shown = dict(records[bad[0] if bad else rows[0]["function"]], calls=sum(r["calls"] for r in records.values()))
    print_line("", "all", shown)
    if bad and not exchange.problem:
        print(f"      {', '.join(bad)}: {shown['verdict']}")
    return shown


def planted():
    with open("Tests/swap/Faults/Faults.swift", encoding="utf-8") as file:
        return re.findall(r"@c\(faulty_(\w+)\)", file.read())


def check_faults(rows):
    """The functions with a mistake, and all others of their C files: only the former may differ."""
    faults = planted()
    files = {row["file"] for row in rows if row["function"] in faults}
    print(f"mistakes planted in {', '.join(faults)}", flush=True)
    records = check([row for row in rows if row["file"] in files], {}, {}, faults)
    found = [function for function, record in records.items() if record["verdict"] == "differs"]
    others = [function for function, record in records.items() if record["verdict"] not in ("differs", "same")]
    good = sorted(found) == sorted(faults) and not others
    return {"planted": faults, "found": found, "unclear": others, "good": good}


def refuses_unknown():
    environment = dict(os.environ, DIPTYCH_SWAP="ipc_wait,ipc_nothing")
    command = [TESTS, "--testing-library", "swift-testing", "--filter", "^$"]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS_OF_A_RUN)
    return result.returncode == 2 and "unknown function 'ipc_nothing': " in result.stderr


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    own, named = "--own" in sys.argv, [name for name in sys.argv[1:] if name != "--own"]
    with open(f"{FOLDER}/generated/rows.json", encoding="utf-8") as file:
        rows = json.load(file)
    unknown = set(named) - {row["function"] for row in rows}
    if unknown:
        sys.exit(f"check.py: not a function of the contract: {', '.join(sorted(unknown))}")
    os.makedirs(f"{FOLDER}/logs", exist_ok=True)
    seed = os.environ.setdefault("DIPTYCH_SEED", str(secrets.randbelow(1 << 32)))
    print(f"DIPTYCH_SEED={seed}", flush=True)
    costs = measure(COST)
    groups = {row["group"] for row in rows if row["function"] in named}
    callers = {} if own else find_callers()
    print_head()
    verdicts = {"seed": int(seed), "tests": "own" if own else "all"}
    verdicts["functions"] = check([row for row in rows if not named or row["group"] in groups], callers, costs)
    good = all(record["verdict"] == "same" for record in verdicts["functions"].values())
    if not named:
        verdicts["all"] = check_all(rows)
        verdicts["faults"] = check_faults(rows)
        refuses = verdicts["refuses unknown names"] = refuses_unknown()
        good = good and verdicts["all"]["verdict"] == "same" and verdicts["faults"]["good"] and refuses
    with open(f"{FOLDER}/verdicts.json", "w", encoding="utf-8") as file:
        file.write(json.dumps(verdicts, indent=1) + "\n")
    differing = [function for function, record in verdicts["functions"].items() if record["verdict"] != "same"]
    same = len(verdicts["functions"]) - len(differing)
    print(f"{same} functions the same, {len(differing)} not: {FOLDER}/verdicts.json")
    if not named and not verdicts["faults"]["good"]:
        print(f"planted in {verdicts['faults']['planted']}, found in {verdicts['faults']['found']}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
