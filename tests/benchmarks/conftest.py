"""The benchmark imports hidden tests as plain modules, and their marker must be known to this session."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Declare what `grader.judge.authoring` declares elsewhere."""
    config.addinivalue_line("markers", "points(n): points of a hidden test, all or nothing")
