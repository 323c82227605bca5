"""A submitted module in a process of its own, seen through the proxy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.judge.faults import StudentFault, StudentMissing
from grader.judge.forkserver import ForkServer
from grader.judge.student import Student
from grader.judge.testing import counting
from grader.model.verdict import Verdict
from tests.judge.submitting import submitted
from tests.wire.sameness import fingerprint

MODULE = """
import math
import numpy as np

CONSTANT = (3, "text", np.arange(3))
_private = 4

def echo(value): return value
def kinds(*args, **kwargs): return [type(v).__name__ for v in args] + sorted(kwargs)
def fail(kind): raise {"value": ValueError, "custom": Custom, "exit": SystemExit, "stop": StopIteration,
                       "interrupt": KeyboardInterrupt, "todo": NotImplementedError, "memory": MemoryError,
                       "assertion": AssertionError, "unicode": unicode_error}[kind]("why not")
def unicode_error(_): return UnicodeDecodeError("utf-8", b"x", 0, 1, "why not")
def grow(x): x.extend(range(300_000))
def tangle(x): x.append(x)
def spoil(x, mask=None):
    x[0] = 99
    if mask is not None: mask.append(1)
def loop(n): return sum([i for i in range(n)])
def numbers(n): return (i * i for i in range(n))
def endless():
    while True: yield 1
def apply(function, x): return function(x)
def unsendable(): return 2 ** 10000
def deep():
    value = []
    value.append(value)
    return value

class Custom(ValueError): pass

class Boundless:
    def __len__(self): return -1

class Model:
    size = 5
    def __init__(self, n): self.n, self.items = n, list(range(n))
    def itself(self): return self
    def double(self, x): return x * 2 * self.n
    def __call__(self, x): return x + self.n
    def __len__(self): return self.n
    def __getitem__(self, key): return self.items[key]
    def __iter__(self): return iter(self.items)
    @classmethod
    def make(cls): return cls(2)
    @staticmethod
    def twice(x): return 2 * x
    def odd(self): raise AttributeError("inner")
"""


@pytest.fixture(scope="module")
def student(server: ForkServer) -> Iterator[Student]:
    """The module above, with a long life."""
    with submitted(server, MODULE, test_seconds=300.0) as student:
        yield student


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(2**70), 2.5, math.inf, 1 + 2j, "text\ud800", b"bytes",
        [1, [2]], (1, (2,)), {"a": 1, 2: [3], (1, 2): None}, {1, 2},
        np.float32(1.5), np.bool_(True), np.arange(6.0).reshape(2, 3), np.zeros((0, 3)), np.array(5),
        np.array([1 + 2j]), np.dtype("float32"),
    ],
    ids=repr,
)  # fmt: skip
def test_values_come_back(student: Student, value: Any) -> None:
    """What the table knows is a value on either side, to the bit."""
    assert fingerprint(student.echo(value)) == fingerprint(value)


def test_positions_and_keywords(student: Student) -> None:
    """As in any call; the student sees ordinary types."""
    assert student.kinds(np.zeros(2), [1], (1,), b=1, a=2) == ["ndarray", "list", "tuple", "a", "b"]


def test_values_of_the_module(student: Student) -> None:
    """Constants are read, private ones too; modules are objects."""
    number, text, array = student.CONSTANT
    assert (number, text, array.tolist()) == (3, "text", [0, 1, 2])
    assert student._private == 4
    assert student.math.sqrt(9.0) == 3.0


def test_names_that_are_missing(student: Student) -> None:
    """A StudentMissing that `hasattr` understands."""
    assert hasattr(student, "echo")
    assert not hasattr(student, "nothing")
    assert not hasattr(student, "__version__")
    with pytest.raises(StudentMissing, match="there is no nothing") as caught:
        student.nothing(1)
    assert caught.value.verdict is Verdict.MISSING


def test_instances(student: Student) -> None:
    """Made, called, asked, indexed, iterated."""
    model = student.Model(3)
    assert repr(model) == "<student object of type Model>"
    assert repr(student.Model) == "<student function Model>"
    assert (model.n, model.double(2), model(4), len(model), model[1]) == (3, 12, 7, 3, 1)
    with pytest.raises(TypeError, match=r"object of type 'generator' has no len\(\)"):
        len(student.numbers(3))
    assert list(model) == [0, 1, 2]
    assert model.items == [0, 1, 2]
    with pytest.raises(IndexError):
        model[7]


def test_a_length_that_is_none(student: Student) -> None:
    """A wrong answer, not a broken test."""
    with pytest.raises(StudentFault) as caught:
        len(student.Boundless())
    assert caught.value.verdict is Verdict.WRONG
    assert str(caught.value) == "a length of Boundless that is no length"


def test_identity(student: Student) -> None:
    """`is` means what it means over there."""
    model = student.Model(3)
    assert model.itself() is model
    assert student.echo(model) is model
    assert student.echo([model, model])[1] is model
    assert student.Model(3) is not model


def test_attributes_that_are_missing(student: Student) -> None:
    """On an instance, on a class; an AttributeError from inside a method is the student's."""
    model = student.Model(3)
    assert not hasattr(model, "nothing")
    assert not hasattr(student.Model, "nothing")
    with pytest.raises(StudentMissing, match=r"there is no Model\.nothing"):
        model.nothing()
    with pytest.raises(AttributeError, match="raised AttributeError: inner"):
        model.odd()


def test_class_attributes(student: Student) -> None:
    """Constants, class methods and static methods of a class that was not called."""
    assert student.Model.size == 5
    assert student.Model.make().n == 2
    assert student.Model.twice(4) == 8


def test_student_functions_as_arguments(student: Student) -> None:
    """Functions, methods and classes of the student go back as what they are."""
    assert student.apply(student.echo, 5) == 5
    assert student.apply(student.Model(3).double, 5) == 30
    assert student.apply(student.Model, 2).n == 2


def test_generators(student: Student) -> None:
    """Iterated over there, with a limit; consumed as they are."""
    squares = student.numbers(4)
    assert list(squares) == [0, 1, 4, 9]
    assert list(squares) == []
    assert len(list(student.endless())) == 10_000


@pytest.mark.parametrize(
    ("kind", "builtin", "text"),
    [
        ("value", ValueError, "raised ValueError: why not"),
        ("custom", ValueError, "raised Custom: why not"),
        ("exit", Exception, "raised SystemExit: why not"),
        ("stop", Exception, "raised StopIteration: why not"),
        ("interrupt", Exception, "raised KeyboardInterrupt: why not"),
        ("todo", NotImplementedError, "raised NotImplementedError: why not"),
        ("memory", MemoryError, "raised MemoryError: why not"),
        ("assertion", AssertionError, "raised AssertionError: why not"),
        ("unicode", ValueError, "raised UnicodeDecodeError: 'utf-8' codec can't decode byte 0x78"),
    ],
)
def test_exceptions(student: Student, kind: str, builtin: type[Exception], text: str) -> None:
    """The nearest builtin one that cannot steer pytest; a subclass of ValueError is a ValueError."""
    with pytest.raises(builtin) as caught:
        student.fail(kind)
    assert str(caught.value).startswith(text)
    assert isinstance(caught.value, StudentFault)
    assert not isinstance(caught.value, SystemExit | KeyboardInterrupt | StopIteration)
    assert 'File "task.py"' in caught.value.evidence
    assert student.echo(1) == 1  # and the conversation goes on


def test_another_exception_is_not_swallowed(student: Student) -> None:
    """`pytest.raises(TypeError)` lets a ValueError through."""
    with pytest.raises(ValueError), pytest.raises(TypeError):
        student.fail("value")


def test_changed_arguments(student: Student) -> None:
    """By position and keyword, whatever the call ended in."""
    student.spoil(np.zeros(2), mask=[])
    assert list(student.last_call.changed) == ["0", "mask"]
    student.spoil(x=np.zeros(2))
    assert student.last_call.name == "spoil"
    assert list(student.last_call.changed) == ["x"]
    with pytest.raises(IndexError):
        student.spoil(np.zeros(0), mask=[])
    assert not student.last_call.changed
    student.spoil([99])
    assert not student.last_call.changed


@pytest.mark.parametrize(
    "value",
    [
        *(
            None,
            True,
            2**70,
            0.5,
            float("nan"),
            1j,
            complex("nan"),
            "text\ud800",
            b"bytes",
            np.float32("nan"),
        ),
        *(np.int64(3), np.dtype("float32"), np.longdouble(0.1), np.array(5), np.array([np.nan, -0.0])),
        *(np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6)[::-2], np.arange(3).astype(">i4")),
        *([1, [2.0, {"a": (3,)}]], {"a": [1], 2: {3.0}}, (), {1, 2}, frozenset("ab"), [len], bytearray(b"x")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_arguments_that_stay_as_they_were(student: Student, value: Any) -> None:
    """Whatever the wire carries comes back as it went, and equals what was sent."""
    student.kinds(value, key=value)
    assert student.last_call.changed == ()
    student.kinds(student.Model(3), student.echo, student.math)
    assert student.last_call.changed == ()


def test_changes_are_those_to_what_was_sent(student: Student) -> None:
    """Not to what the test makes of its own value afterwards; and a callback sees the call before."""
    x, seen = np.zeros(2), []
    student.spoil([0])
    student.apply(lambda value: seen.append(student.last_call), x)
    x += 1
    assert (student.last_call.name, student.last_call.changed) == ("apply", ())
    assert [(record.name, record.changed) for record in seen] == [("spoil", ("0",))]


def test_arguments_that_no_longer_fit_the_wire(student: Student) -> None:
    """A list that now contains itself, or too much, is another list."""
    student.grow([1])
    assert student.last_call.changed == ("0",)
    student.tangle([1])
    assert student.last_call.changed == ("0",)
    assert student.echo(5) == 5


def test_counting(student: Student) -> None:
    """Of student code only; in the block only; comprehensions count."""
    with counting(student) as few:
        student.loop(10)
    with counting(student) as many:
        student.loop(100)
        student.loop(100)
    student.loop(1000)
    assert 10 < many.bytecodes / few.bytecodes < 20
    with counting(student) as library:
        student.math.factorial(500)
    assert library.bytecodes == 0


def test_probes(student: Student) -> None:
    """A small function of the test's runs beside the student's code."""

    def probe(module, n):  # type: ignore[no-untyped-def]  # annotations would need names of this file
        model = module.Model(n)
        return [model.double(i) for i in range(n)]

    assert student.run(probe, n=2) == [0, 4]


def test_a_probe_must_stand_alone(student: Student) -> None:
    """Its source is sent, not what it closes over."""
    outer = 3
    with pytest.raises(ValueError) as caught:
        student.run(lambda module: outer)
    assert str(caught.value) == "the probe <lambda> uses variables of the function around it"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("unsendable", "returned an integer of 1251 bytes"),
        ("deep", "returned a value nested deeper than 32 levels, or one that contains itself"),
    ],
)
def test_answers_that_cannot_be_sent(student: Student, name: str, message: str) -> None:
    """A bad reply, in words; the conversation goes on."""
    with pytest.raises(StudentFault) as caught:
        getattr(student, name)()
    assert (caught.value.verdict, str(caught.value)) == (Verdict.BAD_REPLY, message)
    assert student.echo(1) == 1


def test_an_object_of_another_process(student: Student, server: ForkServer) -> None:
    """A mistake of the test's, said at once."""
    model = student.Model(3)
    with submitted(server, "def f(x): return x") as other, pytest.raises(ValueError) as caught:
        other.f(model)
    assert str(caught.value) == "an object of one student process was passed to another"


def test_what_a_test_cannot_pass(student: Student) -> None:
    """An object of the test's own is no argument."""
    with pytest.raises(Exception, match=r"a test passed a object, which the wire does not carry"):
        student.echo(object())
