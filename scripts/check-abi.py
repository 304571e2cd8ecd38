#!/usr/bin/env python3
"""Fails if the plugin ABI's headers break what was promised: a plugin that was built with an older minor version of the
same major one must keep working.

    scripts/check-abi.py [folder of the present headers]

Compared with every released version in Tests/ABI: a struct that states its size may grow at its end, everything else
stays as it is. (libabigail was tried: its suppression for members that are added at the end hides every other
change of the same struct.)
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
STRUCT = re.compile(r"^(?:typedef )?struct (\w+) \{(.*)\}(.*)$")


class Headers:
    """What a folder of headers declares."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.constants = self._constants()
        self.structs, self.others = {}, set()
        for declaration in self._declarations():
            match = STRUCT.match(declaration)
            if match:
                members = [member.strip() for member in match[2].split(";") if member.strip()]
                self.structs[match[1]] = (match[3].strip(), members)
            elif not declaration.startswith("static inline"):  # compiled into the plugin
                self.others.add(declaration)

    @property
    def version(self):
        return tuple(int(self.constants[f"HERON_ABI_{part}"]) for part in ("MAJOR", "MINOR"))

    def _preprocess(self, *options):
        command = ["cc", "-std=c11", "-E", *options, f"-I{self.folder}", "-x", "c", "-"]
        source = "#include <heron/plugin.h>\n"
        return subprocess.run(command, input=source, text=True, capture_output=True, check=True).stdout

    def _constants(self):
        pairs = re.findall(r"^#define (HERON_\w+) (.+)$", self._preprocess("-dM"), re.MULTILINE)
        return dict(pairs)

    def _declarations(self):
        """Everything at the top level of the headers, without comments, each on one line."""
        own, lines = False, []
        for line in self._preprocess().splitlines():
            if line.startswith("# "):
                own = str(self.folder) in line
            elif own:
                lines.append(line)
        depth, declaration = 0, ""
        for piece in re.findall(r"[{};]|[^{};]+", " ".join(lines)):
            declaration += piece
            depth += (piece == "{") - (piece == "}")
            is_function = piece == "}" and depth == 0 and declaration.lstrip().startswith("static inline")
            if depth == 0 and (piece == ";" or is_function):
                yield re.sub(r"\s+", " ", declaration).strip().rstrip(";").strip()
                declaration = ""


def problems(old, new):
    """What breaks plugins that were built with the old headers, a line for each."""
    for name, value in old.constants.items():
        if name != "HERON_ABI_MINOR" and new.constants.get(name) != value:
            yield f"constant {name} was {value}, is {new.constants.get(name, 'gone')}"
    for name, (tail, members) in old.structs.items():
        if name not in new.structs:
            yield f"struct {name} is gone"
            continue
        new_tail, new_members = new.structs[name]
        if tail != new_tail:
            yield f"struct {name} ends with '{new_tail}' instead of '{tail}'"
        for index, member in enumerate(members):
            now = new_members[index] if index < len(new_members) else "nothing"
            if now != member:
                yield f"struct {name}: where there was '{member}' is '{now}'"
                break
        # Only what states its size may have another one.
        if members[0] != "uint32_t size" and len(new_members) > len(members):
            yield f"struct {name} does not begin with its size, so it must not grow"
    for declaration in sorted(old.others - new.others):
        yield f"'{declaration}' is gone"


def main(folder):
    new = Headers(folder)
    found = []
    for released in sorted(path for path in (ROOT / "Tests/ABI").iterdir() if path.is_dir()):
        old = Headers(released)
        version = ".".join(map(str, old.version))
        if version != released.name:
            found.append(f"{released} holds the headers of ABI {version}")
        elif old.version[0] == new.version[0]:
            found += [f"breaks plugins of ABI {version}: {problem}" for problem in problems(old, new)]
        if old.version == new.version:
            found += [f"ABI {version} was released, so a new minor version is needed: {p}" for p in problems(new, old)]
    for problem in found:
        print(f"check-abi: {problem}", file=sys.stderr)
    if found:
        sys.exit("check-abi: undo it, or begin a new major version (heron/abi.h)")


main(sys.argv[1] if len(sys.argv) > 1 else ROOT / "Sources/PluginABI/include")
