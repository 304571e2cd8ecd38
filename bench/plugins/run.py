#!/usr/bin/env python3
"""Figures of the plugin host: scanning, loading, calling; see bench/README.md.

    bench/plugins/run.py --build <release build> --heron-home <distribution>
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from table import head, row  # noqa: E402

PLUGINS = 200


def compile_plugins(home, folder):
    """Two hundred plugins of which only the manifests differ, and one library that fits the last one's."""
    library = folder / "libecho.so"
    subprocess.run(["cc", "-std=c11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{home}/include",
                    f'-DNAME="echo-{PLUGINS - 1}"', "-o", library, HERE / "echo.c"], check=True)
    for index in range(PLUGINS):
        plugin = folder / f"echo-{index}"
        plugin.mkdir(mode=0o755)
        shutil.copy(library, plugin)
        (plugin / "plugin.yaml").write_text(
            f'name: echo-{index}\nversion: "1.0"\nabi: "1.2"\nlibrary: libecho.so\n'
            f"classes:\n  scheduler: [org.example.Echo{index}]\n")
    library.unlink()


def opened_libraries(home, folder, *words):
    """The libraries below the folder that the dynamic loader says it opens for a command."""
    environment = dict(os.environ, LD_DEBUG="files", HERON_PLUGIN_PATH=str(folder))
    run = subprocess.run([f"{home}/bin/heron", "plugin", *words], env=environment, capture_output=True, text=True,
                         check=False)
    lines = [line for line in run.stderr.splitlines() if f"file={folder}" in line and "generating link map" in line]
    return run.returncode, len(lines)


def seconds(command, rounds, **options):
    times = []
    for _ in range(rounds):
        start = time.monotonic()
        subprocess.run(command, check=True, capture_output=True, **options)
        times.append(time.monotonic() - start)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--heron-home", required=True, type=pathlib.Path)
    options = parser.parse_args()
    home = options.heron_home.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch).resolve()
        compile_plugins(home, folder)
        last = f"echo-{PLUGINS - 1}"
        output = subprocess.run([options.build / "bench-plugins", folder, last], check=True, capture_output=True,
                                text=True).stdout
        figures = {name: float(value) for name, value in map(str.split, output.splitlines())}
        listed = opened_libraries(home, folder, "list")[1]
        code, called = opened_libraries(home, folder, "call", last)

        head("plugins")
        ratio = figures["scalar"] / figures["plain"]
        row("scalar call through the ABI", f"{figures['scalar']:.1f} ns", "<= 3 times", ratio <= 3,
            f"function pointer {figures['plain']:.1f} ns", ratio)
        row("string call through the ABI", f"{figures['direct']:.1f} ns", "<= 150 ns", figures["direct"] <= 150)
        ratio = figures["libffi"] / figures["direct"]
        row("operation through libffi", f"{figures['libffi']:.1f} ns", "<= 25 times", ratio <= 25,
            "the call through the ABI", ratio)
        row(f"scan of one of {PLUGINS} plugins", f"{figures['scan'] / 1e6:.3f} ms", "<= 100 ms",
            figures["scan"] <= 1e8)
        row("load of one", f"{figures['load'] / 1e6:.3f} ms", "<= 10 ms", figures["load"] <= 1e7)
        row(f"libraries opened: list of {PLUGINS}", str(listed), "0", listed == 0)
        row(f"libraries opened: call of 1 of {PLUGINS}", str(called), "1", code == 0 and called == 1)
        environment = dict(os.environ, HERON_HOME=str(home))
        subprocess.run([home / "bin/heron", "plugin", "new", "bench", "--language", "c", "--directory", folder],
                       check=True, capture_output=True)
        build = seconds(["sh", "-c", "make clean >/dev/null; make"], 3, cwd=folder / "bench", env=environment)
        row("build of the C template", f"{build:.2f} s", "<= 2 s", build <= 2)


main()
