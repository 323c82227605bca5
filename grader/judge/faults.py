"""What a student's process did instead of answering, as exceptions that a hidden test lets through.

StudentFault           carries the verdict; everything below is the student's
├── StudentRaised      student code raised; also an instance of the nearest builtin exception, so that
│                      `pytest.raises(ValueError)` sees a ValueError
└── (plain)            missing, timed out, crashed, bad reply, ...

MachineFault           the wall or the fork server failed: nobody's points
"""

from __future__ import annotations

from grader.judge.advice import advise
from grader.model.verdict import Verdict

# The builtin exceptions that a test may name in `pytest.raises`. Nothing that steers an interpreter or pytest
# (SystemExit, KeyboardInterrupt, StopIteration) crosses as itself, nor anything whose constructor wants
# arguments.
RAISABLE: dict[str, type[Exception]] = {
    cls.__name__: cls
    for cls in (
        ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, FloatingPointError,
        ImportError, IndexError, KeyError, LookupError, MemoryError, ModuleNotFoundError, NameError,
        NotImplementedError, OSError, OverflowError, RecursionError, RuntimeError, TypeError, ValueError,
        ZeroDivisionError,
    )
}  # fmt: skip

OUT_OF_MEMORY_TEXTS = (
    "Cannot allocate memory",
    "can't allocate memory",
    "not enough memory",
    "Unable to allocate",
    "error return without exception set",  # CPython's, where a MemoryError finds no memory for itself
)


# What a message may hold of a student's text: cut on arrival, since megabytes of it are slow to handle.
TEXT_LIMIT, TRACEBACK_LIMIT = 1000, 6000


class StudentFault(Exception):
    """The student's process did not answer with a value."""

    def __init__(self, verdict: Verdict, message: str, evidence: str = "") -> None:
        Exception.__init__(self, message)
        self.verdict, self.message, self.evidence = verdict, message, evidence

    def __str__(self) -> str:
        return self.message


class StudentRaised(StudentFault):
    """Student code raised an exception. Made by `student_raised`."""


class MachineFault(Exception):
    """The fork server died or the wall could not be put up."""


_classes: dict[str, type[StudentRaised]] = {}


def student_raised(bases: list[str], text: str, traceback: str) -> StudentRaised:
    """The exception to raise on the trusted side, from the class names that the other side claims."""
    name = bases[0][:80] if bases else "Exception"
    builtin = next((base for base in bases[1:] if base in RAISABLE), "Exception")
    text = text[:TEXT_LIMIT]
    message = f"raised {name}: {text}" if text else f"raised {name}"
    evidence = "\n".join(filter(None, (advise(bases, text), traceback[-TRACEBACK_LIMIT:])))
    return _class_for(builtin)(_verdict(builtin, text), message, evidence)


def _verdict(builtin: str, text: str) -> Verdict:
    if builtin == "NotImplementedError":
        return Verdict.NOT_IMPLEMENTED
    if builtin == "MemoryError" or any(known in text for known in OUT_OF_MEMORY_TEXTS):
        return Verdict.OUT_OF_MEMORY
    return Verdict.RAISED


def _class_for(builtin: str) -> type[StudentRaised]:
    if builtin not in _classes:
        parents = (StudentRaised, RAISABLE[builtin]) if builtin in RAISABLE else (StudentRaised,)
        _classes[builtin] = type(f"Student{builtin}", parents, {})
    return _classes[builtin]


class StudentMissing(StudentFault, AttributeError):
    """A name that is not there; an AttributeError too, so that `hasattr(student, name)` works."""

    def __init__(self, name: str) -> None:
        StudentFault.__init__(self, Verdict.MISSING, f"there is no {name}")
