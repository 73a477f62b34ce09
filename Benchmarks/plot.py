"""Draws what was measured: plot.py results.json writes servers.svg and clients.svg beside it, plot.py transports.json transports.svg."""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "diptych", "font.size": 9})
import matplotlib.pyplot as pyplot

COLOURS = {"Diptych C": "#1f5fa8", "Diptych Swift": "#e8590c"}
FLOOR, OTHER = "#6c757d", "#ced4da"
LONGEST = 6  # times the shortest bar: a longer one is cut, and its figure tells

SERVERS = [
    ("greeting", "cpu", 1e6, "Greeting, 64 clients at a time: µs"),
    ("greeting-stopped", "cpu", 1e6, "Greeting, 3,500 clients queued: µs"),
    ("echo", "cpu", 1e6, "Echo of 64 bytes, 64 clients: µs"),
    ("echo-1000", "cpu", 1e6, "Echo of 64 bytes, 1,000 clients: µs"),
    ("echo-64k", "cpu", 1e6, "Echo of 64 KiB, 8 clients: µs"),
    ("idle", "after", 1, "10,000 idle clients: bytes each"),
]
CLIENTS = [
    ("client-pipe", "cpu", 2**30, "512 MiB to a pipe: seconds a GiB"),
    ("client-null", "cpu", 2**30, "1 GiB to /dev/null: seconds a GiB"),
    ("client-start", "wall", 1e3, "Start to end, a greeting: ms"),
]
TRANSPORTS = [
    ("trips", "p50", 1e6, "Round trip of 64 bytes, median: µs"),
    ("trips", "p99", 1e6, "The same, 99th percentile: µs"),
    ("messages", "wall", 1e6, "100 bytes, one way: µs a message"),
    ("bulk", "wall", 2**30, "Bulk, one way: seconds a GiB"),
]


def colour(competitor):
    if ", " in competitor and not competitor.startswith("C, "):  # of the transports, by who goes them
        return COLOURS.get("Diptych " + competitor.split(", ")[1], FLOOR)
    return COLOURS.get(competitor) or (FLOOR if competitor.startswith("C, ") else OTHER)


def panel(axes, results, benchmark, metric, factor, title):
    entries = [entry for entry in results["entries"] if entry["benchmark"] == benchmark and metric in entry["medians"]]
    entries.sort(key=lambda entry: entry["medians"][metric], reverse=True)
    values = [entry["medians"][metric] * factor for entry in entries]
    positive = [value for value in values if value > 0]
    spreads = (benchmark, metric, factor, title) in TRANSPORTS  # over powers of ten: none is cut
    limit = max(positive) if spreads else min(max(positive), LONGEST * min(positive))
    for place, (entry, value) in enumerate(zip(entries, values)):
        end = min(value, limit)
        axes.barh(place, end, color=colour(entry["competitor"]))
        low, high = (min(quartile * factor, limit) for quartile in entry["quartiles"][metric])
        if value == end:
            axes.plot([low, high], [place, place], color="black", linewidth=1)
        digits = 0 if value >= 100 else 1 if value >= 1 else 2 if value >= 0.1 else 3
        text = f" {value:.{digits}f}" + ("" if value == end else " ›")
        axes.text(max(end, high), place, text, va="center")
    axes.set_yticks(range(len(entries)), [entry["competitor"] for entry in entries])
    if spreads:
        axes.set_xscale("log")
    axes.set_xlim(min(positive) / 2 if spreads else 0, limit * (4 if spreads else 1.2))  # room for the figures
    axes.set_title(title, loc="left", fontweight="bold", fontsize=10)
    axes.xaxis.set_visible(False)
    axes.spines[["top", "right", "bottom"]].set_visible(False)


def draw(results, panels, heading, columns, size, path):
    benchmarks = -(-len(panels) // columns)
    figure, axes = pyplot.subplots(benchmarks, columns, figsize=size, layout="constrained", squeeze=False)
    for place, each in zip(axes.flat, panels):
        panel(place, results, *each)
    machine = results["machine"]
    figure.suptitle(heading, fontweight="bold", fontsize=11)
    figure.supxlabel(
        f"medians of {results['rounds']} rounds and their middle half; shorter is better; › marks a bar that is cut. "
        f"{machine['processor']}, {machine['cores']} cores, Linux {machine['kernel']}, {results['date']}", fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def main(path):
    results = json.loads(pathlib.Path(path).read_text())
    folder = pathlib.Path(path).parent
    if "transports" in results:
        draw(results, TRANSPORTS, "One message, six transports", 2, (11, 9), folder / "transports.svg")
        return
    draw(results, SERVERS, "Servers: processor time an operation, and memory", 2, (11, 12), folder / "servers.svg")
    draw(results, CLIENTS, "Clients: processor time, and start-up", 3, (11, 2.8), folder / "clients.svg")


main(sys.argv[1])
