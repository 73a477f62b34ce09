"""One message, six ways: ways.py BUILD ways.json runs ways-c, ways-swift and rings-c in turns, and writes what they found,
as results.json stands: seconds for a round trip of 64 bytes, for a message of 100, and for a byte in bulk; and what became
of the goals, which are of the median of the rounds' ratios, as the machine changes from round to round."""

import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

ROUNDS = 9
JOBS = {"trips": 20000, "messages": 200000, "bulk": 4000}  # of 64 bytes, of 100, of 64 KiB
METRICS = {"trips": "p50", "messages": "wall", "bulk": "wall"}
RAW = {"raw-pipe": "Pipe, raw", "raw-fifo": "FIFO, raw", "raw-queue": "Queue, raw", "raw-socket": "Socket pair, raw"}
FLOOR = "Cache line, floor"
ENGINES = {"c": "C", "swift": "Swift"}


def goals():
    """Row, whose, against whom, and the limit of the ratio of their times."""
    for row in JOBS:
        for way in ways(""):
            yield row, f"{way}, Swift", f"{way}, C", 1.05
        for way, raw in {"Pipe": ("Pipe", "FIFO"), "Queue": ("Queue",), "Unix": ("Socket pair",)}.items():
            for engine in ENGINES.values():
                for peer in raw:
                    yield row, f"{way}, {engine}", f"{peer}, raw", 1.15
    for engine in ENGINES.values():
        yield "messages", f"Memory, {engine}", f"Pipe, {engine}", 0.1
        yield "messages", f"Memory, {engine}", "Pipe, raw", 0.1
        yield "trips", f"Memory, {engine}", FLOOR, 2


def ways(folder):
    name = f"/ways-{os.getpid()}"
    return {
        "Pipe": f"pipe:{folder}/pipe", "Queue": f"queue:{name}", "Memory": f"memory:{name}",
        "Unix": f"unix:{folder}/socket", "IPv4": "tcp:127.0.0.1:0", "IPv6": "tcp:[::1]:0",
    }


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


def measure(build, place):
    """One round: yields row, peer, and the figures."""
    for way, peer in RAW.items():
        for job, count in JOBS.items():
            yield job, peer, run(f"{build}/ways-c", way, job, str(count))
    for way, endpoint in ways(place).items():
        if way == "Memory":  # beside it: how far apart two virtual cores are changes from minute to minute
            yield "trips", FLOOR, run(
                f"{build}/rings-c", "none", "floor", "-n", str(JOBS["trips"]), "-r", "1")
        for engine, name in ENGINES.items():
            for job, count in JOBS.items():
                yield job, f"{way}, {name}", run(f"{build}/ways-{engine}", endpoint, job, str(count))


def seconds(job, found):
    if "seconds" in found:
        return {"wall": found["seconds"] / (65536 if job == "bulk" else 1)}
    return {"p50": found["p50"] / 1e9, "p99": found["p99"] / 1e9}


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def judge(entries):
    for row, subject, peer, limit in goals():
        metric = METRICS[row]
        pairs = zip(entries[row, subject][metric], entries[row, peer][metric])
        ratio = statistics.median(own / other for own, other in pairs)
        yield {"row": row, "subject": subject, "peer": peer, "metric": metric, "ratio": ratio, "limit": limit,
               "isFloor": False, "isReached": ratio <= limit}


def main(build, path):
    entries = {}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(ROUNDS):
            for row, peer, found in measure(build, place):
                samples = entries.setdefault((row, peer), {})
                for metric, value in seconds(row, found).items():
                    samples.setdefault(metric, []).append(value)
    results = {
        "ways": True, "date": datetime.date.today().isoformat(), "rounds": ROUNDS,
        "machine": {"processor": processor(), "cores": os.cpu_count(), "kernel": platform.release()},
        "entries": [
            {
                "row": row, "peer": peer, "samples": samples,
                "medians": {metric: statistics.median(values) for metric, values in samples.items()},
                "quartiles": {
                    metric: statistics.quantiles(values, n=4)[::2] for metric, values in samples.items()
                },
            }
            for (row, peer), samples in entries.items()
        ],
        "verdicts": list(judge(entries)),
    }
    pathlib.Path(path).write_text(json.dumps(results, indent=1) + "\n")
    for entry in sorted(results["entries"], key=lambda entry: (entry["row"], list(entry["medians"].values()))):
        figures = ", ".join(f"{metric} {value * (2**30 if entry['row'] == 'bulk' else 1e6):.3f}"
                            for metric, value in entry["medians"].items())
        print(f"{entry['row']:8} {entry['peer']:20} {figures}")
    for verdict in results["verdicts"]:
        print(f"{verdict['row']:8} {verdict['subject']:15} / {verdict['peer']:17} {verdict['ratio']:6.3f}"
              f" <= {verdict['limit']:<5} {'reached' if verdict['isReached'] else 'missed'}")


main(*sys.argv[1:])
