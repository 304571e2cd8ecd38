"""Loading the user's code from a topology file: a `.pex` or a single `.py`.

The code is always imported under the module names that it will have in every other process of the topology, never as
`__main__`: class paths in the definition, and classes and functions pickled by reference, then mean the same
everywhere.
"""
import ast
import hashlib
import importlib
import importlib.util
import json
import keyword
import os
import sys
import tempfile
import types
import zipfile
from typing import List

from heron_instance.errors import InstanceError

# heronpy and what it needs, for topologies that do not bring them.
_PACKAGES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "packages")
_TAKEN_NAMES = {"cloudpickle", "google", "heron_instance", "heronpy", "pkg_resources"}


class TopologyFileError(InstanceError):
    """The file, or a class in it, cannot be loaded."""


class TopologyFile:
    """A topology file whose classes can be imported."""

    def __init__(self, path: str):
        self.path = os.path.abspath(path)

    def activate(self, scratch: str) -> None:
        """Makes the code importable for the rest of the process. What must be unpacked goes below the folder `scratch`.

        Raises TopologyFileError, or what the code raises.
        """
        sys.path[0:0] = self._search_paths(scratch) + [_PACKAGES]

    def find_class(self, class_path: str) -> type:
        """The class `module.Class`; just `Class` means the main module's. Raises TopologyFileError."""
        module_name, _, class_name = class_path.rpartition(".")
        if module_name in ("", "__main__"):
            # Definitions made by running a file as a program, as heronpy's documentation shows, say `__main__`.
            module_name = self.main_module()
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            if error.name is None or not (module_name + ".").startswith(error.name + "."):
                raise  # The module is there, and misses another one.
            raise TopologyFileError(f"{self.path} has no module '{module_name}' (for class {class_path})") from error
        found = getattr(module, class_name, None)
        if not isinstance(found, type):
            raise TopologyFileError(f"module '{module_name}' of {self.path} has no class '{class_name}'")
        return found

    def main_module(self) -> str:
        """The name of the module that defines the topology. Raises TopologyFileError if there is none."""
        raise NotImplementedError

    def _search_paths(self, scratch: str) -> List[str]:
        raise NotImplementedError


def open_topology_file(path: str) -> TopologyFile:
    """The topology file at `path`. Raises TopologyFileError for one that is missing or neither `.pex` nor `.py`."""
    if not os.path.isfile(path):
        raise TopologyFileError(f"topology file {path} does not exist")
    if path.endswith(".py"):
        return PythonFile(path)
    if path.endswith(".pex"):
        return PexFile(path)
    raise TopologyFileError(f"topology file {path} is neither a .pex nor a .py file")


class PythonFile(TopologyFile):
    """A single file of Python; its module has the file's name without `.py`."""

    def __init__(self, path: str):
        """Raises TopologyFileError for a name that cannot be a module's."""
        super().__init__(path)
        name = os.path.basename(path)[: -len(".py")]
        if not name.isidentifier() or keyword.iskeyword(name):
            raise TopologyFileError(f"topology file {path}: '{name}' is not a Python module name; rename the file")
        if name in sys.modules or name in _TAKEN_NAMES or name in getattr(sys, "stdlib_module_names", ()):
            raise TopologyFileError(f"topology file {path}: there is a Python module '{name}' already; rename the file")
        self._name = name

    def main_module(self) -> str:
        return self._name

    def activate(self, scratch: str) -> None:
        super().activate(scratch)
        self._execute(self._parse())

    def run_as_program(self, scratch: str) -> None:
        """As activate(), but what the file guards with `if __name__ == "__main__":` is executed, too.

        `__name__` itself keeps the module's name, so that classes belong to the module. Only conditions at the file's
        top level are guards.
        """
        super().activate(scratch)
        tree = self._parse()
        for statement in tree.body:
            if isinstance(statement, ast.If):
                statement.test = _MainName().visit(statement.test)
        self._execute(tree)

    def _search_paths(self, scratch: str) -> List[str]:
        # Not the file's folder: in a container there is only the file, and what is missing there is missing here.
        return []

    def _parse(self) -> ast.Module:
        try:
            with open(self.path, "rb") as file:
                return ast.parse(file.read(), self.path)
        except OSError as error:
            raise TopologyFileError(f"cannot read topology file {self.path}: {error.strerror}") from error

    def _execute(self, tree: ast.Module) -> None:
        module = types.ModuleType(self._name)
        module.__file__ = self.path
        module.__spec__ = importlib.util.spec_from_file_location(self._name, self.path)
        sys.modules[self._name] = module
        exec(compile(tree, self.path, "exec"), module.__dict__)


class _MainName(ast.NodeTransformer):
    """Replaces `__name__` by "__main__"."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Called by ast for each name."""
        return ast.copy_location(ast.Constant("__main__"), node) if node.id == "__name__" else node


class PexFile(TopologyFile):
    """An archive of modules and the distributions that they need (https://docs.pex-tool.org)."""

    def __init__(self, path: str):
        """Raises TopologyFileError for a file that is no such archive."""
        super().__init__(path)
        try:
            with zipfile.ZipFile(path) as archive:
                self._info = archive.read("PEX-INFO")
            self._entry_point = json.loads(self._info).get("entry_point") or ""
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
            raise TopologyFileError(f"topology file {path} is not a pex archive: {error}") from error

    def main_module(self) -> str:
        name = self._entry_point.partition(":")[0]
        if not name:
            raise TopologyFileError(f"{self.path} has no entry point; name classes as <module>.<class>")
        return name

    def _search_paths(self, scratch: str) -> List[str]:
        root = self._unpacked(scratch)
        dependencies = os.path.join(root, ".deps")
        names = sorted(os.listdir(dependencies)) if os.path.isdir(dependencies) else []
        return [root] + [os.path.join(dependencies, name) for name in names]

    def _unpacked(self, scratch: str) -> str:
        """The folder with the archive's content: its own, where the executor unpacks it, or one below `scratch`."""
        beside = os.path.dirname(self.path)
        if self._is_unpacked_in(beside):
            return beside
        name = os.path.basename(self.path) + "-" + hashlib.sha256(self._info).hexdigest()[:16]
        root = os.path.join(scratch, name)
        if not os.path.isdir(root):
            self._unpack(root)
        return root

    def _unpack(self, root: str) -> None:
        """Unpacks to a temporary name first, so that `root` is complete as soon as it is there."""
        try:
            os.makedirs(os.path.dirname(root), exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=root) as staging:
                content = os.path.join(staging, "content")
                with zipfile.ZipFile(self.path) as archive:
                    archive.extractall(content)
                os.rename(content, root)
        except OSError as error:
            if not os.path.isdir(root):  # Another instance may have been first.
                raise TopologyFileError(f"cannot unpack {self.path} to {root}: {error.strerror}") from error

    def _is_unpacked_in(self, folder: str) -> bool:
        try:
            with open(os.path.join(folder, "PEX-INFO"), "rb") as file:
                return file.read() == self._info
        except OSError:
            return False
