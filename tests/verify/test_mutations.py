"""What each mutation makes of a piece of code, and what it leaves alone."""

from __future__ import annotations

import ast

import pytest

from grader.verify.mutations import Place, changes


def mutated(code: str, *, bound: str = "", in_branch: bool = False) -> dict[str, list[str]]:
    """Every mutant of the outermost node, as text, by the mutation's name."""
    (statement,) = ast.parse(code).body
    node = statement.value if isinstance(statement, ast.Expr) and not bound else statement
    found: dict[str, list[str]] = {}
    place = Place(bound=frozenset(bound.split()), in_branch=in_branch)
    for name, changed in changes(node, place):
        found.setdefault(name, []).append(ast.unparse(changed))
    return found


@pytest.mark.parametrize(
    ("code", "name", "mutants"),
    [
        ("a + b", "arithmetic", ["a - b"]),
        ("a / b", "arithmetic", ["a * b"]),
        ("a ** b", "arithmetic", ["a * b"]),
        ("a & b", "arithmetic", ["a | b"]),
        ("a < b", "comparison", ["a <= b", "a >= b"]),
        ("a >= b", "comparison", ["a > b", "a < b"]),
        ("a is None", "comparison", ["a is not None"]),
        ("1 <= a == b", "comparison", ["1 < a == b", "1 > a == b", "1 <= a != b"]),
        ("3", "constant", ["4", "2"]),
        ("0", "constant", ["1", "-1"]),
        ("1e-5", "constant", ["2e-05"]),
        ("0.0", "constant", ["1.0"]),
        ("True", "constant", ["False"]),
        ("not a", "sign", ["a"]),
        ("~a", "sign", ["a"]),
        ("-a", "sign", ["a"]),
        ("a if b else c", "sign", ["a if not b else c"]),
        ("a and b", "boolean", ["a or b", "b", "a"]),
        ("a or b or c", "boolean", ["a and b and c", "b or c", "a or c", "a or b"]),
        ("f(a, b, kind='stable')", "argument", ["f(a, b)", "f(a, kind='stable')"]),
        ("x.max(axis=1)", "name", ["x.min(axis=1)"]),
        ("any(x)", "name", ["all(x)"]),
        ("x.copy()", "name", ["x"]),
    ],
)
def test_an_expression(code: str, name: str, mutants: list[str]) -> None:
    assert mutated(code) == {name: mutants} | ({"argument": ["x.max()"]} if "axis" in code else {})


def test_a_negative_number_is_one_number() -> None:
    assert mutated("-1") == {"constant": ["0", "-2"], "sign": ["1"]}


@pytest.mark.parametrize(
    ("code", "mutants"),
    [
        ("x[:k]", ["x[:]", "x[:k + 1]"]),
        ("x[1:]", ["x[:]"]),
        ("x[i:j:2]", ["x[:j:2]", "x[i + 1:j:2]", "x[i::2]", "x[i:j + 1:2]", "x[i:j]"]),
    ],
)
def test_a_slice(code: str, mutants: list[str]) -> None:
    subscript = ast.parse(code, mode="eval").body
    assert isinstance(subscript, ast.Subscript)
    found = [ast.unparse(node).strip() for _, node in changes(subscript.slice, Place())]
    assert [f"x[{text}]" for text in found] == mutants


def test_a_filter_of_a_comprehension() -> None:
    comprehension = ast.parse("[a for a in b if c if d]", mode="eval").body
    assert isinstance(comprehension, ast.ListComp)
    found = [ast.unparse(node).strip() for _, node in changes(comprehension.generators[0], Place())]
    assert found == ["for a in b if d", "for a in b if c"]


@pytest.mark.parametrize("code", ["'text'", "None", "f(a)", "a @ b", "x", "f(a, keepdims=True)[0]"])
def test_what_is_left_alone(code: str) -> None:
    assert mutated(code) == {}


def test_a_boolean_argument_is_turned_and_not_dropped_as_well() -> None:
    assert mutated("f(keepdims=True)") == {}


@pytest.mark.parametrize(
    ("code", "mutants"),
    [
        ("raise ValueError", ["pass"]),
        ("f(x)", ["pass"]),
        ("x += 1", ["pass"]),
        ("assert x", ["pass"]),
        ("x = 1", ["pass"]),
        ("x, y = 1, 2", []),
        ("y = 1", []),
        ("y[0] = 1", ["pass"]),
        ("self.y = 1", []),
        ("break", ["pass", "continue"]),
        ("continue", ["pass", "break"]),
        ("return 1", []),
        ("'a docstring'", []),
    ],
)
def test_a_statement(code: str, mutants: list[str]) -> None:
    assert mutated(code, bound="x").get("statement", []) == mutants


def test_a_return_in_a_branch_may_be_left_out() -> None:
    assert mutated("return 1", bound="x", in_branch=True)["statement"] == ["pass"]


def test_a_loop_may_end_after_one_round() -> None:
    assert mutated("for a in b:\n    f(a)", bound="x") == {"loop": ["for a in b:\n    f(a)\n    break"]}
    assert mutated("while a:\n    f()", bound="x") == {
        "sign": ["while not a:\n    f()"],
        "loop": ["while a:\n    f()\n    break"],
    }
