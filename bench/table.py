"""The table that the benchmarks print: figure, target, yardstick of the same run, ratio."""
import atexit
import pathlib


def head(title):
    print(f"\n{title:<44} {'figure':>12}  {'target':<14} {'yardstick':>24} {'ratio':>7}", flush=True)
    atexit.register(_tell_stolen, _processor_times())


def row(figure, value, target="", met=None, yardstick="", ratio=None):
    """A line of the table; `met` is None where there is no target."""
    verdict = {None: "", True: "met", False: "MISSED"}[met]
    times = "" if ratio is None else f"x {ratio:.2f}"
    print(f"{figure:<44} {value:>12}  {target:<14} {yardstick:>24} {times:>7}  {verdict}".rstrip(), flush=True)


def _processor_times():
    """Times of all processors since the machine was started, as in proc(5): user, nice, system, idle, ..., steal."""
    return list(map(int, pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))


def _tell_stolen(before):
    """A virtual machine may be slow because its host gives its processors to others."""
    passed = [now - then for now, then in zip(_processor_times(), before)]
    share = 100 * passed[7] / max(1, sum(passed))
    if share >= 1:
        print(f"The machine's host took {share:.0f} % of the processors' time: these figures are not to be trusted.")
