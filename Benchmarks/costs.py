"""What a call across the languages costs: costs.py BUILD costs.json runs costs-c, costs-swift and the small programs in
rounds, each a process of its own. Every second round has the opposite order, so that no figure always follows the same
one. The results are medians, each with the 95 % interval of a bootstrap."""

import datetime
import json
import os
import pathlib
import platform
import random
import statistics
import subprocess
import sys

ROUNDS = 24
RESAMPLES = 2000
TIMEOUT = 60  # seconds for a measurement
LANGUAGES = ("c", "swift")
JOBS = {  # how often a job calls: some milliseconds of processor time
    "call": 2000000, "structure": 100000, "text": 100000, "callback": 100000, "echo": 1000000, "parse": 40000,
    "vis": 2000, "send": 4000, "error": 40000,
}
PROGRAMS = ("c", "c-static", "c-dynamic", "swift-static", "swift-dynamic")


def call(build, job, caller, callee):
    """The nanoseconds of a call. Each pair of languages must return the same sum."""
    command = [f"{build}/costs-{callee}", caller, job, str(JOBS[job])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=True)
    found = json.loads(done.stdout)
    expected = SUMS.setdefault(job, found["sum"])
    if found["sum"] != expected:
        sys.exit(f"costs.py: {job}: {caller} calling {callee} computes {found['sum']}, others {expected}")
    return found["nanoseconds"]


SUMS = {}


def start(program):
    """The nanoseconds of processor time of a whole process."""
    actions = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
    child = os.posix_spawn(program, [program], os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit(f"costs.py: {program} ends with status {status}")
    return (usage.ru_utime + usage.ru_stime) * 1e9


def measurements(build):
    """The name of each figure, and the function that measures it once."""
    for job in JOBS:
        for caller in LANGUAGES:
            for callee in LANGUAGES:
                yield f"{job}.{caller}.{callee}", lambda way=(job, caller, callee): call(build, *way)
    for program in PROGRAMS:
        yield f"start.{program}", lambda path=f"{build}/costs/{program}": start(path)


def interval(samples):
    chance = random.Random(len(samples))
    medians = [statistics.median(chance.choices(samples, k=len(samples))) for _ in range(RESAMPLES)]
    return [statistics.quantiles(medians, n=40)[place] for place in (0, -1)]


def size(program):
    """The bytes of a program, and of the libraries with Swift code that it needs."""
    lines = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout.splitlines()
    paths = [line.split()[2] for line in lines if "=>" in line]
    libraries = [path for path in paths if "swift" in path]
    return {"program": os.path.getsize(program), "libraries": sum(map(os.path.getsize, libraries))}


def machine():
    lines = dict(line.split("\t: ", 1) for line in pathlib.Path("/proc/cpuinfo").read_text().replace("\t\t", "\t")
                 .splitlines() if "\t: " in line)
    cores = {1: "one", 2: "two", 4: "four", 8: "eight"}.get(os.cpu_count(), os.cpu_count())
    kind = "virtual cores" if "hypervisor" in lines.get("flags", "") else "cores"
    return {"name": f"{cores} {kind}", "processor": lines.get("model name", platform.machine()),
            "kernel": platform.release()}


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def main(build, path):
    jobs = list(measurements(build))
    samples = {name: [] for name, _ in jobs}
    for number in range(ROUNDS):
        for name, measure in reversed(jobs) if number % 2 else jobs:
            samples[name].append(measure())
    head = {
        "costs": True, "date": datetime.date.today().isoformat(), "rounds": ROUNDS, "machine": machine(),
        "versions": {"swift": first_line("swiftc", "--version"), "cc": first_line("cc", "--version")},
    }
    entries = [
        {"name": name, "median": round(statistics.median(values), 3), "interval": [round(end, 3) for end in interval(values)],
         **(size(f"{build}/costs/{name[6:]}") if name.startswith("start.") else {}),
         "samples": [round(value, 2) for value in values]}
        for name, values in samples.items()
    ]
    # An entry is one line.
    text = json.dumps(head, indent=1)[:-2] + ',\n "entries": [\n  '
    text += ",\n  ".join(json.dumps(entry) for entry in entries) + "\n ]\n}\n"
    json.loads(text)
    pathlib.Path(path).write_text(text)
    for entry in entries:
        low, high = entry["interval"]
        print(f"{entry['name']:22} {entry['median']:12.1f} ns ({low:.1f} to {high:.1f})")


main(*sys.argv[1:])
