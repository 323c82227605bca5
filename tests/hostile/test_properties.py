"""Every property has a test, and every test that is named is there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.hostile.properties import PROPERTIES, Property

ROOT = Path(__file__).parents[2]


def test_all_twenty_are_there() -> None:
    """In their order, each with words and at least one test, none named twice."""
    assert [one.id for one in PROPERTIES] == [f"P{number}" for number in range(1, 21)]
    for one in PROPERTIES:
        assert one.text.endswith((".", ".)"))
        assert one.tests
        assert len(set(one.tests)) == len(one.tests)


@pytest.mark.parametrize("promise", PROPERTIES, ids=lambda promise: promise.id)
def test_the_named_tests_exist(promise: Property) -> None:
    """Each is a function of its file that pytest collects."""
    for node in promise.tests:
        file, name = node.split("::")
        assert Path(file).name.startswith("test_")
        functions = ast.parse((ROOT / file).read_text("utf-8")).body
        assert name in {one.name for one in functions if isinstance(one, ast.FunctionDef)}, node
        assert name.startswith("test_")


def test_the_threat_model_names_them_all() -> None:
    """The page for people and this table speak of the same properties."""
    page = (ROOT / "docs/threat-model.md").read_text("utf-8")
    assert [one.id for one in PROPERTIES if f"{one.id} " not in page and f"{one.id}," not in page] == []
