"""What the model refuses is put into words that say what to write; the real files are in `test_load`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

import pytest
from annotated_types import Gt

from grader.course.load import fit, parse_yaml
from grader.errors import InputError
from grader.model.assignment import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A mapping inside a file."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    size: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A file with every kind of value."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    flag: bool = False
    ratio: float = 1.0
    many: Annotated[int, Gt(0)] = 1
    either: int | tuple[str, ...] | None = None
    part: Part | None = None
    parts: dict[str, Part] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("flag: 1", "flag: write true or false"),
        ('ratio: "1e-3"', "ratio: write a number, without quotes: 0.001"),
        ('ratio: "1,5"', "ratio: write a number, such as 2.5"),
        ("many: 0", "many: write something else: input should be greater than 0"),
        ("either: x", "either: write a whole number or a list"),
        ("either: [x, 1]", 'either[1]: write text, in quotes: "1"'),
        ("either: [x, [y]]", "either[1]: write text"),
        ("part: 1", "part: write {size: ...}"),
        ("part: {names: [x]}", "'part.size' is missing; add `size: ...`"),
        ("part: {size: 1, names: x}", "part.names: write a list, as in [x]"),
        ("part: {size: 1, nmaes: x}", "unknown key 'nmaes'\n  Did you mean 'names'?"),
        ("parts: {a: 1}", "parts.a: write {size: ...}"),
        ("parts: x", "parts: write keys with values, as in `x: {size: ...}`"),
        ("parts: [{size: 1}]", "parts: write keys with values, as in `name: {size: ...}`"),
        ("sizes: 1", "sizes: write keys with values, as in `1: ...`"),
    ],
)
def test_words(text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        fit(parse_yaml(text, Path("a.yaml")), Whole)
    assert str(refused.value) == f"a.yaml:1: {message}"


def test_the_first_line_is_told_first() -> None:
    with pytest.raises(InputError, match=r"^a.yaml:2: ratio: "):
        fit(parse_yaml("sizes: {}\nratio: x\nflag: x", Path("a.yaml")), Whole)


def test_an_unknown_key_is_told_before_the_missing_one() -> None:
    with pytest.raises(InputError, match=r"^a.yaml:3: unknown key 'sise'\n  Did you mean 'size'\?$"):
        fit(parse_yaml("part:\n  names: []\n  sise: 1", Path("a.yaml")), Whole)
