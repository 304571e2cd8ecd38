"""The Python part of a core package, installed once for all tests as `make dist` installs it."""
import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
TOPOLOGIES = pathlib.Path(__file__).resolve().parents[1] / "topologies"


@functools.lru_cache(maxsize=None)
def core() -> pathlib.Path:
    """The installed core package; removed when the tests end."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="heron-core-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([REPOSITORY / "Instances/python/install.sh", folder], check=True)
    return folder


def run_main(file, class_path, *arguments, folder, options=None) -> subprocess.CompletedProcess:
    """Runs a topology file's program as `heron submit` does, in `folder`. Definitions go there, too."""
    if options is None:
        options = f"cmdline.topologydefn.tmpdirectory={folder},cmdline.topology.initial.state=RUNNING"
    # Without this environment's packages: the core package must bring its own.
    command = [sys.executable, "-S", core() / "lib/python/heron_topology_main.py", file, class_path, *arguments]
    environment = {**os.environ, "HERON_OPTIONS": options.replace(" ", "%%%%"), "PEX_ROOT": str(core() / "pex-root")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd=folder)


def build_pex(source, output, entry_point) -> None:
    """Builds a .pex of one module, with heronpy in it."""
    with tempfile.TemporaryDirectory() as sources:
        shutil.copy(source, sources)
        pins = dict(
            line.strip().split("==")
            for line in (REPOSITORY / "Instances/python/requirements.txt").read_text().splitlines()
            if "==" in line
        )
        command = [REPOSITORY / ".venv/bin/pex", *(f"{name}=={pins[name]}" for name in ("heronpy", "setuptools"))]
        for name in ("protobuf", "cloudpickle"):
            command += ["--override", f"{name}=={pins[name]}"]
        command += ["--venv-repository", REPOSITORY / ".venv", "--sources-directory", sources]
        command += [*entry_point, "--output-file", output]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
