"""Importing trusted modules by path."""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType


def load_module(path: Path) -> ModuleType:
    """Import one trusted file afresh, under a name that no package of tests has. Raises ImportError."""
    name = f"reference_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and torch look their module up by name
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def forgetting_imports(tests: Path, reference: Path | None) -> Iterator[None]:
    """What is imported within, from the package of these tests or beside the reference, is gone afterwards.

    Two courses may have an `oracle` of the same name. Libraries stay.
    """
    before, path = set(sys.modules), sys.path[:]
    yield
    places = {_top_of_package(tests.resolve())}
    if reference is not None:
        places.add(reference.resolve().parent)
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if file is not None and not places.isdisjoint(Path(file).resolve().parents):
            del sys.modules[name]
    sys.path[:] = path


def _top_of_package(tests: Path) -> Path:
    top = tests if tests.is_dir() else tests.parent
    while (top.parent / "__init__.py").exists():
        top = top.parent
    return top
