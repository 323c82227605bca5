"""The hidden tests of a topic as plain functions, and one call of one of them: what every contender runs.

Imported by the driver, by the floor, and inside the kernels of nbgrader and otter.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from benchmarks.submissions import reference_path
from grader.judge.local import LocalStudent
from grader.judge.reference import load_module
from grader.judge.seeds import data_seed

SECRET = "benchmark"
FIXTURES = {"student", "reference", "rng"}


def hidden_tests(topic: str) -> dict[str, Callable[..., None]]:
    """Test functions by name, in order. Raises ValueError for tests that a notebook's cell could not call."""
    module = importlib.import_module(f"autotests.{topic}.test_{topic}")
    tests = {
        name: value for name, value in vars(module).items() if name.startswith("test_") and callable(value)
    }
    for name, function in tests.items():
        if not set(inspect.signature(function).parameters) <= FIXTURES:
            raise ValueError(f"{name} has parameters other than {', '.join(sorted(FIXTURES))}")
    return tests


def points(function: Callable[..., None]) -> int:
    """The points that stand on a test."""
    marks = getattr(function, "pytestmark", [])
    return int(next(mark.args[0] for mark in marks if mark.name == "points"))


def call_test(topic: str, name: str, function: Callable[..., None], module: ModuleType) -> None:
    """Run one test's body on a module, on the same random data everywhere. Raises what the test raises."""
    arguments: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters:
        if parameter == "rng":
            arguments[parameter] = np.random.default_rng(data_seed(SECRET, topic, name))
        else:
            arguments[parameter] = LocalStudent(module if parameter == "student" else _reference(topic))
    function(**arguments)


def run_in_notebook(topic: str, name: str, namespace: Mapping[str, Any]) -> None:
    """The whole content of a test cell: the hidden test `name` on what the notebook's cells have defined."""
    call_test(topic, name, hidden_tests(topic)[name], module_of(topic, namespace))


def module_of(topic: str, namespace: Mapping[str, Any]) -> ModuleType:
    """A notebook's namespace as a module, so that a test sees what it would see of a submitted file."""
    module = ModuleType(topic)
    vars(module).update({name: value for name, value in namespace.items() if name[:2] != "__"})
    # `counting` counts the bytecodes of this file: a cell's code has a made-up file name.
    module.__file__ = next((code.co_filename for code in _codes(namespace)), None)
    return module


def _codes(namespace: Mapping[str, Any]) -> list[CodeType]:
    values = [value for value in namespace.values() if getattr(value, "__module__", None) == "__main__"]
    values += [member for value in values if isinstance(value, type) for member in vars(value).values()]
    return [value.__code__ for value in values if isinstance(value, FunctionType)]


_references: dict[str, ModuleType] = {}


def _reference(topic: str) -> ModuleType:
    if topic not in _references:
        _references[topic] = load_module(reference_path(topic))
    return _references[topic]
