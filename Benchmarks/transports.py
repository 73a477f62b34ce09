"""One message, six transports: transports.py BUILD transports.json runs transports-c, transports-swift and rings-c in turns, and writes what they found,
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
    """Benchmark, whose, against whom, and the limit of the ratio of their times."""
    for benchmark in JOBS:
        for transport in transports(""):
            yield benchmark, f"{transport}, Swift", f"{transport}, C", 1.05
        for transport, raw in {"Pipe": ("Pipe", "FIFO"), "Queue": ("Queue",), "Unix": ("Socket pair",)}.items():
            for engine in ENGINES.values():
                for competitor in raw:
                    yield benchmark, f"{transport}, {engine}", f"{competitor}, raw", 1.15
    for engine in ENGINES.values():
        yield "messages", f"Memory, {engine}", f"Pipe, {engine}", 0.1
        yield "messages", f"Memory, {engine}", "Pipe, raw", 0.1
        yield "trips", f"Memory, {engine}", FLOOR, 2


def transports(folder):
    name = f"/transports-{os.getpid()}"
    return {
        "Pipe": f"pipe:{folder}/pipe", "Queue": f"queue:{name}", "Memory": f"memory:{name}",
        "Unix": f"unix:{folder}/socket", "IPv4": "tcp:127.0.0.1:0", "IPv6": "tcp:[::1]:0",
    }


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=True)
    return json.loads(done.stdout)


def measure(build, place):
    """One round: yields benchmark, competitor, and the figures."""
    for transport, competitor in RAW.items():
        for job, count in JOBS.items():
            yield job, competitor, run(f"{build}/transports-c", transport, job, str(count))
    for transport, endpoint in transports(place).items():
        if transport == "Memory":  # beside it: how far apart two virtual cores are changes from minute to minute
            yield "trips", FLOOR, run(
                f"{build}/rings-c", "none", "floor", "-n", str(JOBS["trips"]), "-r", "1")
        for engine, name in ENGINES.items():
            for job, count in JOBS.items():
                yield job, f"{transport}, {name}", run(f"{build}/transports-{engine}", endpoint, job, str(count))


def seconds(job, found):
    if "seconds" in found:
        return {"wall": found["seconds"] / (65536 if job == "bulk" else 1)}
    return {"p50": found["p50"] / 1e9, "p99": found["p99"] / 1e9}


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), platform.machine())


def judge(entries):
    for benchmark, subject, competitor, limit in goals():
        metric = METRICS[benchmark]
        pairs = zip(entries[benchmark, subject][metric], entries[benchmark, competitor][metric])
        ratio = statistics.median(own / other for own, other in pairs)
        yield {"benchmark": benchmark, "subject": subject, "competitor": competitor, "metric": metric, "ratio": ratio, "limit": limit,
               "isFloor": False, "isReached": ratio <= limit}


def main(build, path):
    entries = {}
    with tempfile.TemporaryDirectory() as place:
        for _ in range(ROUNDS):
            for benchmark, competitor, found in measure(build, place):
                samples = entries.setdefault((benchmark, competitor), {})
                for metric, value in seconds(benchmark, found).items():
                    samples.setdefault(metric, []).append(value)
    results = {
        "transports": True, "date": datetime.date.today().isoformat(), "rounds": ROUNDS,
        "machine": {"processor": processor(), "cores": os.cpu_count(), "kernel": platform.release()},
        "entries": [
            {
                "benchmark": benchmark, "competitor": competitor, "samples": samples,
                "medians": {metric: statistics.median(values) for metric, values in samples.items()},
                "quartiles": {
                    metric: statistics.quantiles(values, n=4)[::2] for metric, values in samples.items()
                },
            }
            for (benchmark, competitor), samples in entries.items()
        ],
        "verdicts": list(judge(entries)),
    }
    pathlib.Path(path).write_text(json.dumps(results, indent=1) + "\n")
    for entry in sorted(results["entries"], key=lambda entry: (entry["benchmark"], list(entry["medians"].values()))):
        figures = ", ".join(f"{metric} {value * (2**30 if entry['benchmark'] == 'bulk' else 1e6):.3f}"
                            for metric, value in entry["medians"].items())
        print(f"{entry['benchmark']:8} {entry['competitor']:20} {figures}")
    for verdict in results["verdicts"]:
        print(f"{verdict['benchmark']:8} {verdict['subject']:15} / {verdict['competitor']:17} {verdict['ratio']:6.3f}"
              f" <= {verdict['limit']:<5} {'reached' if verdict['isReached'] else 'missed'}")


main(*sys.argv[1:])
