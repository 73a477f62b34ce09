#!/usr/bin/env python3
"""Judges programs that nobody here wrote: each with itself, and pairs whose differences are known.

Prints a line for each program or pair as it ends, with the seconds and the verdict; two of them run at a time. The
verdicts are also in .build/field/verdicts.json, and what parity printed in .build/field/logs. It fails if a program is
not the same as itself, and if a pair has lost a known difference or has one that is not named.

usage: field.py packages | self | busy | pairs [NAME...]
    packages  prints the Debian packages that the lists name
    self      compares each program with itself
    busy      the same, while as many loops as there are processors use them
    pairs     judges the pairs
"""

import contextlib
import getpass
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the tree stays clean
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import entries  # noqa: E402
import judging  # noqa: E402

BUILD = os.path.abspath(".build/field")
AT_A_TIME = 2
# More than the fifteen seconds of users: two verdicts at a time share the processors, also with loops.
SECONDS_OF_A_COMPARISON = 60
# System calls do not decide, and take longer than all else.
CHANNELS = ("wire", "output", "exit", "leftovers")
# The loops end by themselves if this program is killed.
SECONDS_OF_A_LOOP = 900
PLACES = {
    "files": f"{entries.FOLDER}/files", "root": f"{BUILD}/root", "keys": f"{BUILD}/keys", "bin": f"{BUILD}/bin",
    "venv": f"{BUILD}/venv", "user": getpass.getuser(),
}


def parity():
    """PARITY, an environment variable; else the optimized build if there is one."""
    paths = [os.environ.get("PARITY", ""), ".build/install/release/parity", ".build/debug/parity"]
    path = next((path for path in paths if os.access(path, os.X_OK)), None)
    if path is None:
        sys.exit("field.py: parity is not built: swift build --product parity")
    return os.path.abspath(path)


def dashed(name):
    return name.replace(" ", "-").replace("/", "-")


def words(entry, name):
    """The command line of parity, and the place of its report."""
    role, report = entries.role(entry), f"{BUILD}/logs/{name}.json"
    if role in entry:
        line = [parity(), "self", judging.placed(entry[role], PLACES)]
    else:
        line = [parity(), "compare"]
        for side in ("left", "right"):
            line += [f"--{side}", judging.placed(entry[side], PLACES)]
    line += ["--role", role, "--json", report, "--budget", str(SECONDS_OF_A_COMPARISON)]
    line += ["--channels", ",".join(entry.get("channels", CHANNELS))]
    for scenario in entry.get("only", []):
        line += ["--only", scenario]
    if "scenario" in entry:
        # A scenario has the name of its file.
        path = f"{BUILD}/logs/{dashed(entry['name'])}.yaml"
        with open(path, "w", encoding="utf-8") as text:
            text.write(entry["scenario"])
        line += ["--scenario", path]
    return line, report


def judge(entry, kind):
    """Judges one entry; returns its result."""
    name = dashed(f"{kind}-{entries.role(entry)}-{entry['name']}")
    line, report = words(entry, name)
    if os.path.exists(report):
        os.remove(report)
    log = f"{BUILD}/logs/{name}.txt"
    status, seconds = judging.run(line, log, judging.environment(PLACES))
    found = judging.read(report)
    verdict = found.get("verdict", "no report") if status is not None else "did not end"
    if entries.role(entry) in entry:
        doubts = judging.doubtful(found)
        lines = [found.get("conclusion", ""), f"see {log}"]
        if status == 0:
            lines = []
        elif status is not None and doubts and doubts <= set(entry.get("limits", {})):
            lines, verdict = [], f"same, besides {', '.join(sorted(doubts))}"
    else:
        lines = judging.problems(found, entry.get("differences") or [])
        if lines:
            lines.append(f"see {log}")
    mark = "FAILED" if lines else "ok"
    print(f"  {mark:<7}{kind:<6}{entry['name']:<44}{seconds:6.1f} s  {verdict}", flush=True)
    for text in lines:
        print(f"         {text}", flush=True)
    return {
        "kind": kind, "name": entry["name"], "seconds": round(seconds, 1), "verdict": verdict, "status": status,
        "problems": lines,
    }


@contextlib.contextmanager
def burning():
    """As many loops as there are processors, at the priority of everything else."""
    line = ["timeout", str(SECONDS_OF_A_LOOP), "sh", "-c", "while :; do :; done"]
    loops = [subprocess.Popen(line) for _ in range(os.cpu_count() or 1)]
    judging.running.update(loops)
    try:
        yield
    finally:
        judging.running.difference_update(loops)
        for loop in loops:
            loop.terminate()  # timeout passes it on
            loop.wait()


def judge_all(kind, names):
    """Judges the entries of a kind, two at a time; returns the results."""
    chosen = entries.all_pairs() if kind == "pairs" else entries.all_programs()
    chosen = [entry for entry in chosen if not names or entry["name"] in names]
    if not chosen:
        sys.exit(f"field.py: no entry has one of the names {', '.join(names)}")
    with contextlib.ExitStack() as stack:
        if kind == "busy":
            stack.enter_context(burning())
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return list(pool.map(lambda entry: judge(entry, kind), chosen))


def main():
    kinds = [word for word in sys.argv[1:] if word in ("self", "busy", "pairs")]
    names = [word for word in sys.argv[1:] if word not in kinds]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, judging.stop)
    try:
        if sys.argv[1:] == ["packages"]:
            print("\n".join(entries.packages(entries.all_programs() + entries.all_pairs())))
            return 0
        if not kinds:
            sys.exit(__doc__)
        os.makedirs(f"{BUILD}/logs", exist_ok=True)
        started = time.monotonic()
        results = [result for kind in kinds for result in judge_all(kind, names)]
    except entries.Refused as error:
        sys.exit(f"field.py: {error}")
    failed = [result for result in results if result["problems"]]
    with open(f"{BUILD}/verdicts.json", "w", encoding="utf-8") as output:
        json.dump(results, output, indent=2)
    for result in failed:
        print(f"failed: {result['kind']} {result['name']}; repeat: Tests/field/field.sh {result['kind']} '{result['name']}'")
    slowest = max(results, key=lambda result: result["seconds"])
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed in {time.monotonic() - started:.0f} s; "
          f"the slowest: {slowest['name']}, {slowest['seconds']} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
