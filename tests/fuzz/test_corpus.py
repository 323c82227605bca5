"""What fuzzing found once, and the seeds that it starts from, through every target."""

from __future__ import annotations

import pytest

from tests.fuzz.targets import TARGETS, seeds


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_but_the_documented_error(target: str) -> None:
    """The seeds of every target are worth trying on each."""
    for source in TARGETS:
        for data in seeds(source):
            TARGETS[target](data)
