"""The worker's server, where no student code is involved."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from grader.wire.channel import Channel
from grader.wire.messages import Answer, Get, Iterate, Run
from grader.worker.serve import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server with an empty module and nobody at the other end."""
    ours, theirs = socket.socketpair()
    yield Server(Channel(ours, 1000))
    ours.close()
    theirs.close()


def test_what_is_no_request(server: Server) -> None:
    """An answer to a question that was not asked."""
    with pytest.raises(TypeError, match="Answer is no request"):
        server._perform(Answer(1, None))


def test_attributes_of_the_module(server: Server) -> None:
    """As any attribute."""
    server._module.__dict__["x"] = 5
    assert server._perform(Get(1, None, "x")) == (5, 0)
    with pytest.raises(AttributeError):
        server._perform(Get(1, None, "y"))


def test_an_endless_iterable(server: Server) -> None:
    """Up to the limit that was asked for."""
    assert server._perform(Iterate(1, iter(int, 1), 3)) == ([0, 0, 0], 0)  # type: ignore[arg-type]  # resolved


def test_a_probe(server: Server) -> None:
    """Its source defines the function; it sees the module and the data."""
    server._module.__dict__["x"] = 5
    source = "def probe(module, n):\n    return module.x + n\n"
    assert server._perform(Run(1, source, "probe", {"n": 2})) == (7, 0)
