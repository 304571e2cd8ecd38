"""The jars of the tests: built once for all tests, removed when they end."""
import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile
import zipfile

from heronpy.proto import topology_pb2

HERE = pathlib.Path(__file__).resolve().parents[1]
DEBIAN = pathlib.Path("/usr/share/java")
KRYO = [DEBIAN / f"{name}.jar" for name in ("kryo", "objenesis", "minlog", "reflectasm", "asm")]
NEW_API, OLD_API = "org.apache.heron", "com.twitter.heron"
API_JARS = {NEW_API: "heron-api.jar", OLD_API: "heron-api-com-twitter.jar"}
# Starts fast, takes little memory, and leaves no files in /tmp.
JVM = ["-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"]


def build() -> pathlib.Path:
    """The output folder of the builds, which run.sh names."""
    return pathlib.Path(os.environ["HERON_JAVA_BUILD"])


def instance() -> pathlib.Path:
    """What a core package has as heron-core/lib/instance."""
    return build() / "instance"


def api_jar(api) -> pathlib.Path:
    """The jar of Heron's API in that package."""
    return build() / "api" / API_JARS[api]


@functools.lru_cache(maxsize=None)
def work() -> pathlib.Path:
    """A folder for what is built here."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="heron-java-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.lru_cache(maxsize=None)
def probe(api) -> pathlib.Path:
    """A jar of the topologies of `topologies/probe`, with the API in it, as users build theirs."""
    sources = work() / api
    for source in (HERE / "topologies/probe").glob("*.java"):
        target = sources / "probe" / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(source.read_text().replace(f"{NEW_API}.api", f"{api}.api"))
    classes = compile_java(sources, [api_jar(api), KRYO[0]])
    return make_jar(work() / f"probe-{api}.jar", classes, [api_jar(api)])


@functools.lru_cache(maxsize=None)
def old_probe() -> pathlib.Path:
    """A jar whose API lacks what Heron 0.14 had not yet."""
    newer = ("state/", "Pair", "topology/IUpdatable", "topology/IStateful", "topology/ITwoPhaseStateful")
    prefixes = tuple(f"com/twitter/heron/api/{name}" for name in newer)
    path = work() / "old-probe.jar"
    with zipfile.ZipFile(path, "w") as jar, zipfile.ZipFile(probe(OLD_API)) as content:
        for name in content.namelist():
            if not name.startswith(prefixes):
                jar.writestr(name, content.read(name))
    return path


@functools.lru_cache(maxsize=None)
def others() -> pathlib.Path:
    """A jar of classes whose names the instance knows, too, and of some for another API."""
    return make_jar(work() / "others.jar", compile_java(HERE / "topologies/others", []))


@functools.lru_cache(maxsize=None)
def definitions(api) -> dict:
    """The topologies that the probe's program defines, by their names."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=work()))
    options = f"cmdline.topologydefn.tmpdirectory={folder},cmdline.topology.initial.state=RUNNING"
    environment = {**os.environ, "HERON_OPTIONS": options.replace(" ", "%%%%")}
    run_java(probe(api), "probe.Probe", environment=environment)
    topologies = (topology_pb2.Topology.FromString(path.read_bytes()) for path in folder.glob("*.defn"))
    return {topology.name: topology for topology in topologies}


def compile_java(sources, class_path) -> pathlib.Path:
    """Compiles all sources of a folder; returns the folder of the classes."""
    classes = pathlib.Path(tempfile.mkdtemp(dir=work()))
    command = ["javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:-UsePerfData", "--release", "11", "-proc:none"]
    command += ["-Xlint:all", "-Werror", "-encoding", "UTF-8", "-d", classes]
    command += ["-cp", os.pathsep.join(str(entry) for entry in class_path)] if class_path else []
    finished = subprocess.run(
        command + sorted(sources.rglob("*.java")), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert finished.returncode == 0, finished.stdout
    return classes


def make_jar(path, classes, jars=()) -> pathlib.Path:
    """A jar of classes and of the content of other jars."""
    with zipfile.ZipFile(path, "w") as jar:
        for file in sorted(classes.rglob("*.class")):
            jar.write(file, file.relative_to(classes))
        for other in jars:
            with zipfile.ZipFile(other) as content:
                for name in content.namelist():
                    jar.writestr(name, content.read(name))
    return path


def run_java(class_path, main, *arguments, environment=None, options=()) -> str:
    """Runs a Java program to its end; returns what it printed."""
    command = ["java", *JVM, *options, "-cp", class_path, main, *arguments]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout
