"""Warm fork servers, shared by all modules: starting one is what takes the time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.judge.forkserver import ForkServer


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    """With numpy, behind the whole wall."""
    server = ForkServer(("numpy",), "required")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def torch_server() -> Iterator[ForkServer]:
    """With torch, behind the whole wall."""
    server = ForkServer(("torch",), "required")
    server.start()
    yield server
    server.stop()
