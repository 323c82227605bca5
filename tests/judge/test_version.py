"""The name of an engine in the records: it changes when a verdict might."""

from __future__ import annotations

import re

import pytest

from grader.judge import version
from grader.judge.version import engine_version


def test_what_it_names() -> None:
    """The program, its sources, Python, and the assignment's libraries in order."""
    named = engine_version(["torch", "numpy"])
    assert re.fullmatch(r"\S+\+[0-9a-f]{12} py3\.\d+ numpy[\d.]+ torch[\d.]+", named)
    assert engine_version(["numpy", "torch"]) == named
    assert engine_version([]).rstrip() == named.partition(" numpy")[0]


def test_sources_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another engine is another version, and with it another key of the records."""
    before = engine_version([])
    monkeypatch.setattr(version, "ROOMS", ("wire",))
    assert engine_version([]) != before
