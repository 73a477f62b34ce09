"""Runs parity, and compares its report with what is known of a pair."""

import json
import os
import signal
import subprocess
import time

# A verdict that takes longer is a failure of its own.
SECONDS_OF_A_VERDICT = 150
running = set()
SAME = ("same", "noted", "known", "not judged", "measured")


def placed(command, places):
    """The command with the names of the field's folders replaced; parity replaces the others."""
    for name, value in places.items():
        command = command.replace("{" + name + "}", value)
    return command


def run(words, log, environment):
    """Runs parity, with all that it prints in the log; returns its exit status and the seconds."""
    started = time.monotonic()
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
        running.add(process)
        try:
            status = process.wait(SECONDS_OF_A_VERDICT)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGTERM)  # parity ends its programs, and removes their folders
            process.wait()
            status = None
        running.discard(process)
    return status, time.monotonic() - started


def stop(number, _):
    """Ends what runs: parity then ends its programs, and removes their folders."""
    for process in list(running):
        process.terminate()
        process.wait()
    os._exit(128 + number)


def read(path):
    """A report; empty if parity wrote none."""
    try:
        with open(path, encoding="utf-8") as text:
            return json.load(text)
    except (OSError, ValueError):
        return {}


def texts(difference):
    """All that a report says about a difference and the further ones."""
    own = [difference.get("trace", ""), difference.get("before", ""), difference.get("after", "")]
    lines = [" ".join(filter(None, own)), *difference.get("left", []), *difference.get("right", []), difference.get("note") or ""]
    for other in difference.get("others", []):
        lines += texts(other)
    return lines


def problems(report, known):
    """What the report lacks of the known differences, and what it has besides."""
    found = {}
    lines = []
    for scenario in report.get("scenarios", []):
        for trouble in scenario.get("troubles", []):
            found[(scenario["name"], "", "hung")] = [trouble]
        for cell in scenario["cells"]:
            key = (scenario["name"], cell["channel"], cell["finding"])
            found[key] = texts(cell.get("difference", {}))
    named = set()
    for difference in known:
        for name in difference["scenarios"]:
            key = (name, difference["channel"], difference.get("finding", "different"))
            named.add(key)
            if key not in found:
                lines.append(f"lost: {name}, {difference['channel']}: {difference['text']}")
            elif not any(difference["text"] in text for text in found[key]):
                lines.append(f"lost: {name}, {difference['channel']}: {difference['text']}; instead: {found[key]}")
    for key, text in found.items():
        if key[2] not in SAME and key not in named:
            lines.append(f"not named: {', '.join(filter(None, key))}: {[part for part in text if part][:4]}")
    return lines if report.get("scenarios") else ["no report"]


def doubtful(report):
    """The scenarios in which a program is not the same as itself. System calls do not decide."""
    rows = [row for row in report.get("channels", []) if row["channel"] != "calls"]
    doubts = report.get("troubles", []) + [doubt for row in rows for doubt in row["doubts"]]
    return {name for doubt in doubts for name in doubt["scenarios"]}


def environment(places):
    """Programs that were unpacked or built for the field come first."""
    root = places["root"]
    folders = [places["bin"], places["venv"] + "/bin", f"{root}/usr/sbin", f"{root}/usr/bin", f"{root}/sbin", f"{root}/bin"]
    libraries = [f"{root}/{folder}/{machine}" for folder in ("usr/lib", "lib") for machine in [os.uname().machine + "-linux-gnu"]]
    return dict(
        os.environ, PATH=":".join([*folders, os.environ["PATH"]]), LD_LIBRARY_PATH=":".join(libraries),
        PYTHONPATH=places["files"], PYTHONDONTWRITEBYTECODE="1")
