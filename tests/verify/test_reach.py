"""Which tests reach what a submission changed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from grader.verify.reach import changed_names, read_reach

REFERENCE = '''
from __future__ import annotations

import math

LIMIT = 3

def _shared(x):
    return x + LIMIT

def first(x):
    """Docstring."""
    return _shared(x)

def second(x):
    return math.sqrt(x)

class Third:
    size = 1

    def grow(self):
        return second(self.size)
'''

TESTS = """
import pytest
from . import oracle

NAMES = ("second",)

@pytest.fixture
def prepared(student):
    return student.first

def test_a_first(student):
    assert student.first(1) == oracle.first_of(1)

def test_b_fixture(prepared):
    assert prepared(1)

def test_c_by_name(student):
    for name in NAMES:
        getattr(student, name)(4)

def test_d_class(student):
    assert student.Third().grow()

def test_e_helper(student):
    assert oracle.use(student)

def test_f_nothing(student):
    assert 1 + 1 == 2
"""

ORACLE = "def first_of(x):\n    return x\n\ndef use(module):\n    return module._shared(1)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test_topic.py").write_text(TESTS)
    (tmp_path / "oracle.py").write_text(ORACLE)
    return tmp_path


def printed(source: str) -> str:
    """As overlays and mutants are."""
    return ast.unparse(ast.parse(source)) + "\n"


def reaching(folder: Path, old: str, new: str, tests: str = "") -> str:
    """Letters of the tests that reach the change; the one more that is always run does not count."""
    assert old in REFERENCE
    if tests:
        (folder / "test_more.py").write_text(tests)
    names = read_reach(folder, REFERENCE).tests_to_run(printed(REFERENCE.replace(old, new)))
    far = [name for name in read_reach(folder, REFERENCE).names if name not in names]
    return "".join(name[5] for name in (names[:-1] if far or names[-1] == "test_f_nothing" else names))


@pytest.mark.parametrize(
    ("old", "new", "letters"),
    [
        ("return _shared(x)", "return x", "ab"),
        ("return x + LIMIT", "return x", "abe"),
        ("LIMIT = 3", "LIMIT = 4", "abe"),
        ("return math.sqrt(x)", "return x", "cd"),
        ("size = 1", "size = 2", "d"),
        ('"""Docstring."""', '"""Another."""', "ab"),  # a docstring may be what a test reads
    ],
)
def test_a_change_reaches_whoever_gets_there(folder: Path, old: str, new: str, letters: str) -> None:
    assert reaching(folder, old, new) == letters


def test_the_shortest_of_the_others_sees_that_it_loads(folder: Path) -> None:
    changed = printed(REFERENCE.replace("size = 1", "size = 2"))
    assert read_reach(folder, REFERENCE).tests_to_run(changed) == ("test_d_class", "test_a_first")
    longer = TESTS.replace("    assert 1 + 1 == 2", "    # not seen\n    assert 1 + 1 == 2")
    for test in "abce":
        longer = re.sub(rf"(def test_{test}\w*\([^)]*\):\n)", r"\1    # one\n    # and\n    # more\n", longer)
    (folder / "test_topic.py").write_text(longer)
    reach = read_reach(folder, REFERENCE)
    assert reach.tests_to_run(changed) == ("test_d_class", "test_f_nothing")
    assert reach.tests_to_run(printed(REFERENCE)) == ("test_d_class",)


def test_a_test_that_must_pass_sees_that_it_loads(folder: Path) -> None:
    """Then it takes no other."""
    changed = printed(REFERENCE.replace("size = 1", "size = 2"))
    reach = read_reach(folder, REFERENCE)
    assert reach.tests_to_run(changed, ["test_a_first", "test_d_class"]) == ("test_d_class",)
    assert reach.tests_to_run(changed, ["test_a_first"]) == ("test_d_class", "test_a_first")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import math", "import math as m"),
        ("LIMIT = 3", "LIMIT = 3\nprint(LIMIT)"),
        ("LIMIT = 3", "if True:\n    LIMIT = 3"),
    ],
)
def test_what_has_no_name_reaches_everything(folder: Path, old: str, new: str) -> None:
    reach = read_reach(folder, REFERENCE)
    assert set(reach.tests_to_run(printed(REFERENCE.replace(old, new)))) == set(reach.names)


@pytest.mark.parametrize(
    "line",
    [
        "student.run(lambda module: vars(module))",
        "getattr(student, 'fi' + 'rst')(1)",
        "getattr(student, f'{1}')",
        "eval('student')",
    ],
)
def test_who_computes_names_reaches_everything(folder: Path, line: str) -> None:
    more = f"def test_z_more(student):\n    {line}\n"
    assert "z" in reaching(folder, "size = 1", "size = 2", more)


@pytest.mark.parametrize(
    ("more", "reached"),
    [
        (
            "import pytest\n@pytest.fixture(autouse=True)\ndef always(student):\n    student.Third()\n",
            "abcdef",
        ),
        ("import other\nother.configure('Third')\n", "abcdef"),
    ],
)
def test_what_always_runs_reaches_every_test(folder: Path, more: str, reached: str) -> None:
    (folder / "test_more.py").write_text(more)
    names = read_reach(folder, REFERENCE).tests_to_run(printed(REFERENCE.replace("size = 1", "size = 2")))
    assert "".join(sorted(name[5] for name in names)) == reached


@pytest.mark.parametrize(
    "loaded",
    [
        "VALUE = second(4.0)",
        "def late(x=second(4.0)): pass",
        "class Late(Third): pass",
        "@second\ndef late(): pass",
        "class Late:\n    size = second(4.0)",
    ],
)
def test_what_runs_at_load_reaches_every_test(folder: Path, loaded: str) -> None:
    reference = f"{REFERENCE}\n{loaded}\n"
    reach = read_reach(folder, reference)
    assert set(reach.tests_to_run(printed(reference.replace("math.sqrt(x)", "x")))) == set(reach.names)


def test_a_name_that_was_not_there_is_a_change() -> None:
    """A new definition may stand in the light of a builtin."""
    assert changed_names(REFERENCE, printed(REFERENCE + "\ndef sum(x): return 0\n")) == {"sum"}
    assert changed_names(REFERENCE, printed(REFERENCE.replace("LIMIT = 3", "LIMIT: int = 3"))) == {"LIMIT"}
    assert changed_names(REFERENCE, printed(REFERENCE)) == frozenset()


def test_another_layout_is_a_change() -> None:
    """One test too many is run, never one too few."""
    assert changed_names(REFERENCE, printed(REFERENCE).replace("LIMIT = 3", "LIMIT = (3)")) == {"LIMIT"}


def test_the_text_of_a_name_begins_with_its_decorators() -> None:
    reference = "@print\ndef f(x):\n    return x\n\n\ndef g(x):\n    return x\n"
    assert changed_names(reference, printed(reference).replace("@print", "@repr")) == {"f"}
