"""A submission's import in its process: what it may meet, and what it does not find there."""

from __future__ import annotations

import pytest

from grader.judge.faults import StudentFault
from grader.judge.forkserver import ForkServer
from grader.model.verdict import Verdict
from tests.judge.submitting import child_of, submitted


@pytest.mark.parametrize(
    ("source", "verdict", "text"),
    [
        ("def f(:\n", Verdict.RAISED, "raised SyntaxError: "),
        ("import nothing\n", Verdict.RAISED, "raised ModuleNotFoundError: No module named 'nothing'"),
        ("raise NotImplementedError\n", Verdict.NOT_IMPLEMENTED, "raised NotImplementedError"),
        ("raise SystemExit(0)\n", Verdict.RAISED, "raised SystemExit: 0"),
        ("import os\nos._exit(7)\n", Verdict.CRASHED, "the process ended itself with exit code 7"),
        ("x = open('/tmp/x', 'w')\n", Verdict.RAISED, "raised PermissionError: "),
        ("x = bytearray(2**31)\n", Verdict.OUT_OF_MEMORY, "raised MemoryError"),
    ],
)
def test_modules_that_do_not_load(server: ForkServer, source: str, verdict: Verdict, text: str) -> None:
    """The verdict of every test, then."""
    with child_of(server, source) as child, pytest.raises(StudentFault) as caught:
        child.open()
    assert caught.value.verdict is verdict
    assert str(caught.value).startswith(text)


def test_what_is_not_loaded(server: ForkServer) -> None:
    """A numpy assignment never pays for torch, and nothing of the judge is in a student's memory."""
    with submitted(server, "") as student:
        assert student.run(loaded_modules) == []


def loaded_modules(module):  # type: ignore[no-untyped-def]  # a probe
    """What the student's process has imported."""
    import sys

    return [name for name in sys.modules if name == "torch" or name.startswith("grader.judge")]
