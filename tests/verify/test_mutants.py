"""Mutants are complete submissions, stand in the marked spans only, and keep their names."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.errors import InputError
from grader.verify.mutants import Mutant, make_mutants

REFERENCE = '''"""A module."""

import math

WIDTH = 3


def given(x: int = 1) -> int:
    """Twice x."""
    y = x + 1
    ### BEGIN SOLUTION
    if x < 0:
        raise ValueError(f"{x + 1} is too small")
    y = 2 * x
    return y
    ### END SOLUTION


class Box:
    """A box."""

    def area(self, side: float) -> float:
        """The square."""
        ### BEGIN SOLUTION
        def square(a: float, power: int = 2) -> float:
            """Of a."""
            return a**power

        return square(side)
        ### END SOLUTION


### BEGIN SOLUTION
_SCALE = 4
### END SOLUTION
'''


def mutants(source: str = REFERENCE) -> dict[str, Mutant]:
    """By what they change."""
    made = make_mutants(source, Path("box.py"))
    return {f"{mutant.before} -> {mutant.after}": mutant for mutant in made}


def test_only_what_is_marked_is_mutated() -> None:
    assert list(mutants()) == [
        "if x < 0: -> if x <= 0:",
        "if x < 0: -> if x >= 0:",
        "if x < 0: -> if x < 1:",
        "if x < 0: -> if x < -1:",
        "raise ValueError(f'{x + 1} is too small') -> pass",
        "y = 2 * x -> pass",
        "y = 2 * x -> y = 2 / x",
        "y = 2 * x -> y = 3 * x",
        "y = 2 * x -> y = 1 * x",
        "def square(a: float, power: int=2) -> float: -> def square(a: float, power: int=3) -> float:",
        "def square(a: float, power: int=2) -> float: -> def square(a: float, power: int=1) -> float:",
        "return a ** power -> return a * power",
        "_SCALE = 4 -> _SCALE = 5",
        "_SCALE = 4 -> _SCALE = 3",
    ]


def test_a_mutant_is_the_reference_but_for_one_place() -> None:
    mutant = mutants()["y = 2 * x -> y = 2 / x"]
    assert (mutant.line, mutant.function, mutant.mutation) == (14, "given", "arithmetic")
    whole = ast.unparse(ast.parse(REFERENCE.replace("2 * x", "2 / x"))) + "\n"
    assert mutant.source == whole


def test_the_function_is_named_in_full() -> None:
    named = {mutant.function for mutant in mutants().values()}
    assert named == {"given", "Box.area", "Box.area.square", "<module>"}


def test_names_survive_unrelated_changes() -> None:
    before = mutants()
    edited = REFERENCE.replace("import math\n", "import math\n\n# More.\n").replace("_SCALE = 4", "_S = 8")
    after = mutants(edited)
    kept = before.keys() & after.keys()
    assert len(kept) == len(before) - 2
    assert all(before[what].id == after[what].id for what in kept)
    assert len({mutant.id for mutant in before.values()}) == len(before)
    assert all(mutant.id[0] == "m" and len(mutant.id) == 9 for mutant in before.values())


def test_the_same_statement_twice_has_two_names() -> None:
    source = "def f(x):\n    ### BEGIN SOLUTION\n    x += y\n    x += y\n    return x\n    ### END SOLUTION\n"
    made = make_mutants(source, Path("f.py"))
    changed = [mutant for mutant in made if mutant.after == "x -= y"]
    assert [mutant.line for mutant in changed] == [3, 4]
    assert changed[0].id != changed[1].id


def test_what_compiles_to_the_same_is_left_out() -> None:
    """Also the branch that is never compiled: 1 + 1 and 1 - 1 in its place change nothing."""
    source = "def f(x):\n    ### BEGIN SOLUTION\n    return x + (0 if True else 1)\n    ### END SOLUTION\n"
    made = {mutant.after for mutant in make_mutants(source, Path("f.py"))}
    assert made == {
        "return x - (0 if True else 1)",
        "return x + (0 if False else 1)",
        "return x + (1 if True else 1)",
        "return x + (-1 if True else 1)",
    }


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(:\n", "f.py:1: not valid Python"),
        ("### BEGIN SOLUTION\n", "f.py:1: '### BEGIN SOLUTION' without '### END SOLUTION'"),
    ],
)
def test_a_broken_reference(source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_mutants(source, Path("f.py"))
