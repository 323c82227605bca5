"""A student's process played by a test: the opening is honest, the rest is the script's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from grader.judge.forkserver import Ended
from grader.judge.student import Student
from grader.wire.messages import Confined
from tests.judge.submitting import WALL, FakeServer, Peer, child_of


def after_the_opening(script: Callable[[Peer], None]) -> Callable[[Peer], None]:
    """Take the submission, stand behind the wall; then `script`."""

    def whole(peer: Peer) -> None:
        peer.receive()
        peer.send(Confined(WALL))
        script(peer)

    return whole


@contextlib.contextmanager
def play(script: Callable[[Peer], None], ended: Ended | None = None, **limits: Any) -> Iterator[Student]:
    """The `student` of a peer that opened honestly and then plays `script`, which sends Loaded first."""
    with child_of(FakeServer(after_the_opening(script), ended), "", **limits) as child:
        child.open()
        yield Student(child)
