"""The `student` interface in this very process, for the reference and for authors, and its memory."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.judge.local import LocalStudent
from grader.judge.memo import MemoStudent
from grader.judge.reference import load_module
from grader.judge.testing import counting, grads, refuses

SOURCE = """
import numpy as np
CONSTANT = 3
calls = []

def double(x):
    calls.append(1)
    return x * 2

def spoil(x, mask=None):
    x[0] = 99
    return x

def loop(n):
    total = 0
    for i in range(n):
        total += i
    return total

def each(values, function):
    calls.append(1)
    return [function(value) for value in values]

class Model:
    def __init__(self, n): self.n = n
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A trusted module on disk."""
    path = tmp_path / "local_topic.py"
    path.write_text(SOURCE)
    return path


def test_functions_classes_and_values(path: Path) -> None:
    """As attributes; a name that is not there is an AttributeError."""
    student = LocalStudent(load_module(path))
    assert student.double(4) == 8
    assert student.Model(3).n == 3
    assert student.CONSTANT == 3
    assert not hasattr(student, "missing")


def test_changed_arguments(path: Path) -> None:
    """By position and keyword, as behind the wall."""
    student = LocalStudent(load_module(path))
    student.spoil(np.zeros(2))
    assert student.last_call.changed == ("0",)
    assert student.last_call.name == "spoil"
    student.spoil(x=np.zeros(2), mask=np.ones(1))
    assert student.last_call.changed == ("x",)
    student.double(np.zeros(2))
    assert not student.last_call.changed


def test_counting(path: Path) -> None:
    """Bytecodes of the module only, and only inside the block."""
    student = LocalStudent(load_module(path))
    with counting(student) as few:
        student.loop(10)
    with counting(student) as many:
        student.loop(100)
    student.loop(1000)
    assert 5 < many.bytecodes / few.bytecodes < 11
    assert student.counter is None


def test_probes(path: Path) -> None:
    """Run beside the module."""
    assert LocalStudent(load_module(path)).run(lambda module, n: module.double(n), n=5) == 10


def test_the_memory_of_a_reference(path: Path) -> None:
    """The same question is asked once; the answer cannot be spoiled by whoever got it."""
    student = MemoStudent(load_module(path))
    question = np.arange(3.0)
    first = student.double(question)
    first[0] = 77
    assert student.double(np.arange(3.0)).tolist() == [0, 2, 4]
    assert len(student.calls) == 1
    student.double(np.arange(3))  # integers: another question
    assert len(student.calls) == 2
    student.double(x=np.arange(3.0))
    assert len(student.calls) == 3


def test_what_is_never_remembered(path: Path) -> None:
    """Callbacks, whose calls a test may count, and answers that carry a gradient."""
    student = MemoStudent(load_module(path))
    for _ in range(2):
        assert student.each([1, 2], lambda value: value + 1) == [2, 3]
    assert len(student.calls) == 2
    for _ in range(2):
        leaf = torch.ones(2, requires_grad=True)
        student.double(leaf).sum().backward()
        assert leaf.grad is not None
    assert len(student.calls) == 4
    for _ in range(2):
        leaf = torch.ones(2, requires_grad=True)
        assert student.each([leaf], lambda value: (value,))[0][0].requires_grad


def test_changes_are_seen_in_memory_too(path: Path) -> None:
    """A call that changes its argument does so every time; a remembered one leaves its own record."""
    student = MemoStudent(load_module(path))
    for _ in range(2):
        student.double(1)
        assert (student.last_call.name, student.last_call.changed) == ("double", ())
        spoiled = np.zeros(2)
        student.spoil(spoiled)
        assert (student.last_call.name, student.last_call.changed) == ("spoil", ("0",))
        assert spoiled.tolist() == [99, 0]


def test_counting_is_never_answered_from_memory(path: Path) -> None:
    """Else the reference would cost nothing from the second submission on."""
    student, counts = MemoStudent(load_module(path)), []
    for _ in range(3):
        with counting(student) as count:
            student.loop(10)
        counts.append(count.bytecodes)
    assert counts[0] == counts[1] == counts[2] > 0


def test_loading_by_path(path: Path, tmp_path: Path) -> None:
    """Afresh each time, under a name of its own; what is no module is an ImportError."""
    first, second = load_module(path), load_module(path)
    assert first is not second
    assert sys.modules[first.__name__] is second
    assert "local_topic" not in sys.modules
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ImportError, match=r"notes.txt is not a Python module"):
        load_module(tmp_path / "notes.txt")


def test_gradients_of_a_local_module() -> None:
    """None told from zero."""
    module = torch.nn.Linear(2, 1)
    torch.autograd.backward((module.weight * 0).sum())
    found = grads(module)
    assert found["bias"] is None
    assert found["weight"].tolist() == [[0.0, 0.0]]


def test_refuses() -> None:
    """ValueError is what is due; without it the words are those of the test, and another exception passes."""

    def root(x: float) -> float:
        if x < 0:
            raise ValueError("below zero")
        return 1 / x

    refuses("-1", root, -1)
    refuses("x=-1", root, x=-1)
    with pytest.raises(AssertionError, match=r"^root: no ValueError for 2$"):
        refuses("2", root, 2)
    with pytest.raises(AssertionError, match=r"^no ValueError for 3$"):
        refuses("3", lambda: root(3))
    with pytest.raises(ZeroDivisionError):
        refuses("0", root, 0)
