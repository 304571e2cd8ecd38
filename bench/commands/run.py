#!/usr/bin/env python3
"""How long commands take that do little; see bench/README.md.

    bench/commands/run.py --heron-home <distribution> [--rounds N]
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from table import head, row  # noqa: E402

LIMIT = 2.5


def yardsticks(folder):
    """Programs that do nothing: in Swift, in Java, and none at all."""
    (folder / "empty.swift").write_text("")
    subprocess.run(["swiftc", "-O", "-o", folder / "empty", folder / "empty.swift"], check=True)
    (folder / "Empty.java").write_text("class Empty { public static void main(String[] words) {} }\n")
    subprocess.run(["javac", "-d", folder, folder / "Empty.java"], check=True)
    return {
        "an empty Swift program": [folder / "empty"],
        "/bin/true": ["/bin/true"],
        "an empty JVM program": ["java", "-cp", folder, "Empty"],
    }


def milliseconds(command):
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.monotonic() - begin) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--heron-home", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=20, help="how often; the medians are shown")
    options = parser.parse_args()
    heron = options.heron_home.resolve() / "bin/heron"
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HOME"] = scratch
        empty = yardsticks(pathlib.Path(scratch))
        ours = {f"heron {' '.join(words)}": [heron, *words] for words in (["version"], ["help"], ["plugin", "list"])}
        commands = {**empty, **ours}
        times = {name: [] for name in commands}
        # In turns, so that what else happens on the machine meets all of them.
        for _ in range(options.rounds):
            for name, command in commands.items():
                times[name].append(milliseconds(command))
    medians = {name: statistics.median(each) for name, each in times.items()}
    yardstick = medians["an empty Swift program"]
    head("commands that do little")
    for name in empty:
        row(name, f"{medians[name]:.1f} ms")
    for name in ours:
        ratio = medians[name] / yardstick
        row(name, f"{medians[name]:.1f} ms", f"<= {LIMIT} times", ratio <= LIMIT, "an empty Swift program", ratio)


main()
