"""The door to dask, where there is none."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from grader.errors import MachineError
from grader.judge.cluster import CONNECT_SECONDS, connect


class FakeClient:
    """A client that remembers how it was asked."""

    asked: dict[str, Any] = {}  # noqa: RUF012  (one for the test)

    def __init__(self, address: str, timeout: float) -> None:
        if address == "nowhere:1":
            raise OSError("Timed out trying to connect to tcp://nowhere:1")
        self.asked = {"address": address, "timeout": timeout, "open": True}
        FakeClient.asked = self.asked

    def __enter__(self) -> FakeClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.asked["open"] = False

    def get_executor(self, **options: Any) -> SimpleNamespace:
        """As dask's."""
        return SimpleNamespace(**options)


@pytest.fixture
def dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dask of a few lines."""
    module = ModuleType("distributed")
    module.Client = FakeClient  # type: ignore[attr-defined]  # made here
    monkeypatch.setitem(sys.modules, "distributed", module)


def test_no_cluster() -> None:
    """Local judges."""
    with connect(None) as executor:
        assert executor is None


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MachineError) as caught, connect("here:1"):
        pass
    assert str(caught.value) == "dask is not installed; `pip install 'nlp-grader[cluster]'`"


@pytest.mark.usefixtures("dask")
def test_a_scheduler_that_does_not_answer() -> None:
    """Which one, and what the connection said."""
    with pytest.raises(MachineError) as caught, connect("nowhere:1"):
        pass
    assert str(caught.value) == (
        "no dask scheduler answers at nowhere:1: Timed out trying to connect to tcp://nowhere:1"
    )


@pytest.mark.usefixtures("dask")
def test_an_executor() -> None:
    """A job judged again is a new job, and attempts are counted by us; the client is closed afterwards."""
    with connect("here:1") as executor:
        assert vars(executor) == {"pure": False, "retries": 0}
        assert FakeClient.asked == {"address": "here:1", "timeout": CONNECT_SECONDS, "open": True}
    assert FakeClient.asked["open"] is False
