"""The stub keeps what students read, loses what they must write, and is formatted as ruff would."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import InputError
from grader.release.spans import find_spans
from grader.release.stub import make_stub
from tests.course.small_topic import REFERENCE, STUB

HERE = Path("softmax.py")


def formatted(source: str) -> str:
    """What `ruff format` makes of `source`."""
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "110", "-"]
    return subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout


def mark(body: str) -> str:
    """`body` with markers for `<` and `>` at the start of a line or before its end."""
    begun = re.sub(r"^( *)<(?=:?$)", r"\1### BEGIN SOLUTION", body, flags=re.MULTILINE)
    return re.sub(r"(^| )>$", r"\1### END SOLUTION", begun, flags=re.MULTILINE).lstrip("\n")


def test_small_topic() -> None:
    assert make_stub(REFERENCE, HERE) == STUB
    assert formatted(STUB) == STUB


def test_several_spans_in_one_function_and_given_code_between() -> None:
    source = mark("""
def f(x):
    <
    y = x + 1
    >
    y = given(y)
    for _ in y:
        <
        y += 1
        >
    return y
""")
    assert make_stub(source, HERE) == (
        "def f(x):\n    raise NotImplementedError\n    y = given(y)\n    for _ in y:\n"
        "        raise NotImplementedError\n    return y\n"
    )


def test_span_in_a_nested_function_and_in_a_class_inside_a_function() -> None:
    source = mark("""
def f(x):
    def g():
        <
        return 1
        >

    class A:
        <
        secret = 2
        >
        given = 3

    return g, A
""")
    stub = make_stub(source, HERE)
    assert "secret" not in stub
    assert stub.count("raise NotImplementedError") == 1
    assert "given = 3" in stub


def test_markers_in_a_text_are_text() -> None:
    source = mark(
        'def f():\n    """Cut from here:\n    ### BEGIN SOLUTION\n    """\n    <\n    return 1\n    >\n'
    )
    assert "### BEGIN SOLUTION" in make_stub(source, HERE)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("x = 1\n", r"1: nothing is marked: the stub would be the solution\n  Put '### BEGIN"),
        ("x = (\n", r"1: not valid Python: '\(' was never closed"),
        ("x = '\0'\n", r"1: not valid Python: source code string cannot contain null bytes"),
        ("<\nx = 1\n<\ny = 2\n>\n", r"3: a second '### BEGIN SOLUTION' before the span of line 1 ends"),
        ("<\nx = 1\n>\n>\n", r"4: '### END SOLUTION' without '### BEGIN SOLUTION'"),
        ("x = 1\n<\ny = 2\n", r"2: '### BEGIN SOLUTION' without '### END SOLUTION'"),
        ("<\n# only a comment\n>\n", r"1: no whole statement between the markers"),
        ("# BEGIN SOLUTION\nx = 1\n>\n", r"1: '# BEGIN SOLUTION' looks like a marker\n  Write exactly"),
        ("### begin solution\nx = 1\n>\n", r"1: '### begin solution' looks like a marker"),
        ("<:\nx = 1\n>\n", r"1: '### BEGIN SOLUTION:' looks like a marker"),
        ("<\nx = 1  >\n", r"2: '### END SOLUTION' looks like a marker"),
        ("def f():\n<\n    return 1\n>\n", r"2: '### BEGIN SOLUTION' is not in line with its code\n  Indent"),
        (
            "if x:\n    <\n    y = 1\nelse:\n    >\n    y = 2\n",
            r"4: the markers cut a statement in two\n  Mark",
        ),
        ("<\nfor x in y:\n    z = 1\n    >\n    w = 1\n", r"2: the markers cut a statement in two"),
        ("def f():\n    <\n    return 1\ny = 1\n>\n", r"3: the markers cut a statement in two"),
        ("<\ndef f():\n    return 1\n>\n", r"2: the stub would lose f\n  Mark only what .* or call it _f\."),
        (
            "class A:\n    x = 1\n\n    <\n    def go(self):\n        return 1\n    >\n",
            r"5: the stub would lose A.go",
        ),
        (
            "class A:\n    x = 1\n    <\n    def __init__(self): ...\n    >\n",
            r"4: the stub would lose A.__init__",
        ),
        (
            'def f():\n    <\n    """Doc."""\n    return 1\n    >\n',
            r"1: the stub would change .* docstring of f\n",
        ),
        (
            "class A:\n    <\n    x = 1\n    >\n",
            r"\d: the stub would not parse: expected an indented block.*\n  Some",
        ),
    ],
)
def test_bad_reference_is_refused_with_its_line(body: str, message: str) -> None:
    with pytest.raises(InputError, match=f"^softmax.py:{message}"):
        make_stub(mark(body), HERE)


def test_imports_of_the_solution_leave_and_others_stay() -> None:
    source = mark("""
from __future__ import annotations

import math, sys
import os.path
from collections import (
    OrderedDict,
    deque,
)
from typing import TYPE_CHECKING as T
import json  # noqa: F401

__all__ = ["OrderedDict", "f"]


def f(x: "sys.Path", y: Literal["a b"]) -> int:
    <
    return math.pi + os.path.x + len(deque()) + T
    >
""")
    assert make_stub(source, HERE).split("\n__all__")[0] == (
        "from __future__ import annotations\n\nimport sys\nfrom collections import OrderedDict\n"
        "import json  # noqa: F401\n"
    )


def test_long_import_stays_one_name_a_line() -> None:
    names = [f"quite_a_long_name_{number}" for number in range(8)]
    source = mark(
        f"from numpy import (\n{''.join(f'    {name},' + chr(10) for name in names)})\n\n"
        f"GIVEN = [{', '.join(names[1:])}]\n\n\ndef f():\n    <\n    return {names[0]}\n    >\n"
    )
    stub = make_stub(formatted(source), HERE)
    assert names[0] not in stub
    assert formatted(stub) == stub


@pytest.mark.parametrize(
    "pieces",
    [
        ["CUT", "CONST", "DEF"],
        ["DOC", "CUT", "DEF", "CONST"],
        ["DOC", "CUT", "CONST"],
        ["IMPORT", "CUT", "CONST", "CUT", "DEF"],
        ["IMPORT", "CUT", "COMMENT", "DEF"],
        ["CONST", "CUT", "COMMENT", "CONST"],
        ["DEF", "CUT"],
        ["DEF", "CUT", "COMMENT", "CUT", "DEF", "COMMENT"],
        ["CONST", "CUTDEF", "CUT", "CLASS", "CUTDEF"],
    ],
)
def test_blank_lines_are_as_ruff_sets_them(pieces: list[str]) -> None:
    assert_stable(pieces)


_PIECES = {
    "DOC": '"""Doc."""',
    "CUT": "### BEGIN SOLUTION\nsecret = 1\n### END SOLUTION",
    "CUTDEF": "### BEGIN SOLUTION\ndef _secret():\n    return 1\n### END SOLUTION",
    "CONST": "given = 1",
    "IMPORT": "import os",
    "COMMENT": "# A comment.\n",
    "NOTE": "# A note on the next line.",
    "DEF": "def f{n}():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
    "CLASS": (
        "class C{n}:\n    ### BEGIN SOLUTION\n    secret = 1\n\n    def _x(self):\n        return 1\n"
        "    ### END SOLUTION\n    given = 1\n    ### BEGIN SOLUTION\n    def _y(self):\n        return 1\n"
        "    ### END SOLUTION\n    def g(self):\n        return 1\n    ### BEGIN SOLUTION\n"
        "    def _z(self):\n"
        "        return 1\n    ### END SOLUTION"
    ),
    "DOCCLASS": (
        'class D{n}:\n    """Doc."""\n    ### BEGIN SOLUTION\n    secret = 1\n    ### END SOLUTION\n'
        "    # A comment.\n    def g(self):\n        ### BEGIN SOLUTION\n"
        "        return 1\n        ### END SOLUTION"
    ),
}


def assert_stable(pieces: list[str]) -> None:
    rows = [_PIECES[piece].replace("{n}", str(number)) for number, piece in enumerate(pieces)]
    source = formatted("\n".join(rows) + "\n")
    stub = make_stub(source, HERE)
    assert formatted(stub) == stub
    assert "secret" not in stub
    assert not find_spans(stub, HERE)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from([piece for piece in _PIECES if piece != "DOC"]), min_size=1, max_size=7))
def test_any_sequence_of_pieces_stays_formatted(pieces: list[str]) -> None:
    assert_stable([*pieces, "DEF"])


def test_signatures_and_docstrings_survive() -> None:
    ours, theirs = ast.parse(REFERENCE), ast.parse(make_stub(REFERENCE, HERE))
    reference = next(
        node for node in ours.body if isinstance(node, ast.FunctionDef) and node.name == "softmax"
    )
    stub = next(node for node in theirs.body if isinstance(node, ast.FunctionDef) and node.name == "softmax")
    assert ast.dump(reference.args) == ast.dump(stub.args)
    assert ast.get_docstring(reference) == ast.get_docstring(stub)
