"""The house in its order: imports only go down, one door for each library, nothing that unpickles."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "grader"
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

BASE = {"errors", "model"}
MIDDLE = BASE | {"diagnostics", "files"}
ROOM_OF_ITS_OWN = {"worker", "wire", "sandbox"}  # they travel to the untrusted side
# What each room may import of ours, itself aside: the table of docs/architecture.md.
MAY_IMPORT = {
    "errors": set(),
    "model": set(),
    "wire": set(),
    "sandbox": set(),
    "worker": {"wire", "sandbox"},
    "diagnostics": BASE,
    "files": BASE,
    "course": MIDDLE,
    "release": MIDDLE | {"course"},  # docs/decisions/0005
    "collect": MIDDLE,
    "records": MIDDLE,
    "report": MIDDLE,
    "judge": MIDDLE | {"wire", "sandbox"},
    "verify": MIDDLE | {"course", "release", "collect", "judge", "wire", "sandbox"},
    "cli": MIDDLE | {"course", "release", "collect", "judge", "records", "report", "verify", "sandbox"},
    "__main__": {"cli"},
}
# Where a third-party library may be named: folders end with a slash.
DOORS = {
    "click": ("cli/",),
    "distributed": ("judge/cluster.py",),
    "jinja2": ("report/html.py",),
    "numpy": ("judge/", "wire/", "worker/warm.py"),
    "pydantic": ("course/load.py",),
    "pyseccomp": ("sandbox/seccomp.py",),
    "pytest": (
        "judge/authoring.py",
        "judge/plugin.py",
        "judge/portable_plugin.py",
        "judge/session.py",
    ),
    "rich": ("cli/", "report/text.py"),
    "sqlalchemy": ("records/store.py",),
    "torch": ("judge/autograd.py", "worker/warm.py"),
    "yaml": ("course/load.py",),
}
# Costly to import, so never at the top of a module that a command may load; the exception is loaded late.
LAZY = {"distributed": set[str](), "pyseccomp": set[str](), "torch": {"judge/autograd.py"}}
UNPICKLING = {"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "jsonpickle"}


@dataclass(frozen=True)
class Import:
    """One import statement's module, and whether it stands at the top level."""

    module: str
    line: int
    at_the_top: bool

    @property
    def library(self) -> str:
        """The first part of the name."""
        return self.module.partition(".")[0]


def imports(path: str) -> Iterator[Import]:
    """Everything that a module imports, anywhere in it, also by name in a call of `import_module`."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    deferred = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            # `from grader import files` names the room only in its second half.
            names = [f"grader.{alias.name}" for alias in node.names] if module == "grader" else [module]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            constants = [value.value for value in node.args if isinstance(value, ast.Constant)]
            names = [value for value in constants if isinstance(value, str)]
        yield from (Import(name, getattr(node, "lineno", 0), id(node) not in deferred) for name in names)


def room(path: str) -> str:
    """`judge` of `judge/score.py`, `files` of `files.py`."""
    return path.partition("/")[0].removesuffix(".py")


def our_modules() -> list[str]:
    """All but the top `__init__`."""
    return [path for path in MODULES if path != "__init__.py"]


@pytest.mark.parametrize("path", our_modules())
def test_imports_only_go_down(path: str) -> None:
    """By the table; a new room needs a row."""
    allowed = {*MAY_IMPORT[room(path)], room(path), "__version__"}
    wrong = [
        f"{path}:{found.line} imports {found.module}"
        for found in imports(path)
        if found.library == "grader" and found.module.split(".")[1] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES)
def test_one_door_for_each_library(path: str) -> None:
    """A library is named in its door only, and none comes in that has no door."""
    wrong = [
        f"{path}:{found.line} imports {found.module}"
        for found in imports(path)
        if found.library not in sys.stdlib_module_names
        and found.library != "grader"
        and not path.startswith(DOORS.get(found.library, ("no door",)))
    ]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES)
def test_costly_libraries_are_imported_late(path: str) -> None:
    """Inside the function that needs them."""
    wrong = [
        f"{path}:{found.line} imports {found.module} at the top"
        for found in imports(path)
        if found.library in LAZY and found.at_the_top and path not in LAZY[found.library]
    ]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES)
def test_nothing_unpickles(path: str) -> None:
    """Bytes of a student's never become objects of any but the wire's table."""
    source = (PACKAGE / path).read_text(encoding="utf-8")
    # A confined child runs code that another confined child has compiled; nobody else ever opens it.
    behind_the_wall = {"marshal"} if path == "worker/load.py" else set()
    assert not {found.library for found in imports(path)} & (UNPICKLING - behind_the_wall)
    assert "allow_pickle" not in source
    assert "torch.load" not in source


@pytest.mark.parametrize("path", MODULES)
def test_only_the_worker_executes_text(path: str) -> None:
    """`exec` and `eval` stand on the untrusted side only."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert room(path) == "worker" or not called & {"exec", "eval"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.endswith("__init__.py")])
def test_packages_are_empty(path: str) -> None:
    """The top one holds the docstring and the version, and imports nothing."""
    if path == "__init__.py":
        assert list(imports(path)) == []
    else:
        assert (PACKAGE / path).read_text(encoding="utf-8") == ""


def test_the_table_is_acyclic() -> None:
    """Down means down: no room is reached from itself."""
    for start in MAY_IMPORT:
        seen, todo = set[str](), list(MAY_IMPORT[start])
        while todo:
            below = todo.pop()
            assert below != start
            if below not in seen:
                seen.add(below)
                todo += MAY_IMPORT[below]


def test_the_untrusted_side_stands_alone() -> None:
    """`worker`, `wire` and `sandbox` import nothing else of ours, so nothing hidden can come with them."""
    for path in our_modules():
        if room(path) in ROOM_OF_ITS_OWN:
            ours = {found.module.split(".")[1] for found in imports(path) if found.library == "grader"}
            assert ours <= ROOM_OF_ITS_OWN


def test_every_room_stands_in_the_table() -> None:
    """And every row has its room."""
    assert {room(path) for path in our_modules()} == set(MAY_IMPORT)
