"""What the judge's pytest plugin makes of a test's name."""

from __future__ import annotations

import pytest

from grader.judge.plugin import SWITCHED_OFF, label


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("test_t02_layer_norm", "t02"),
        ("test_t02", "t02"),
        ("test_t02_layer_norm[3]", "t02[3]"),
        ("test_t02_layer_norm[a_b]", "t02[a_b]"),
        ("test_t02_x[1-[2]]", "t02[1-[2]]"),
        ("test_values", "values"),
    ],
)
def test_labels(name: str, expected: str) -> None:
    """The first word after `test_`, and the parameters."""
    assert label(name) == expected


def test_the_plugins_that_are_switched_off_exist(pytestconfig: pytest.Config) -> None:
    """A name that pytest no longer knows would silently switch nothing off."""
    known = {name for name, _ in pytestconfig.pluginmanager.list_name_plugin()}
    assert {name for name in SWITCHED_OFF if name not in known} == set()
