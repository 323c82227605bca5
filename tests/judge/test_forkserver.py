"""A fork server that answers nonsense, late or not at all: nobody's points, in words for staff."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable, Iterator

import pytest

from grader.judge import forkserver
from grader.judge.bench import load_message
from grader.judge.child import Child
from grader.judge.faults import MachineFault
from grader.judge.forkserver import ForkServer
from grader.wire.codec import encode
from tests.judge.submitting import FakeServer, Peer, assignment, child_of


@pytest.fixture
def played() -> Iterator[tuple[ForkServer, socket.socket]]:
    """A fork server whose zygote is a socket in the test's hands."""
    server = ForkServer(("numpy",), "required")
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server._control, server._errors = ours, tempfile.TemporaryFile()  # noqa: SIM115  (closed below)
    yield server, theirs
    ours.close()
    theirs.close()
    server._errors.close()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda zygote: zygote.send(b"\xff"), "the fork server's answer: unknown tag 0xff"),
        (
            lambda zygote: zygote.send(encode(("ended", 7, 0, 0.0, 0, True))),
            "the fork server answered ended 7",
        ),
        (
            lambda zygote: zygote.send(encode(("ready", 1, 0, 0.0, 0, True))),
            "the fork server answered ready 1",
        ),
        (lambda zygote: zygote.shutdown(socket.SHUT_WR), "the fork server ended; it said nothing"),
    ],
)
def test_odd_answers(
    played: tuple[ForkServer, socket.socket], answer: Callable[[socket.socket], object], message: str
) -> None:
    """Each is a fault of the machine's."""
    server, zygote = played
    answer(zygote)
    with pytest.raises(MachineFault) as caught:
        server.end(1)
    assert str(caught.value) == message


def test_no_answer(played: tuple[ForkServer, socket.socket], monkeypatch: pytest.MonkeyPatch) -> None:
    """Given up in time."""
    monkeypatch.setattr(forkserver, "ANSWER_SECONDS", 0.1)
    with pytest.raises(MachineFault, match="the fork server does not answer: timed out"):
        played[0].end(1)


def test_a_zygote_that_has_gone(played: tuple[ForkServer, socket.socket]) -> None:
    """Its last words are passed on, whatever is asked of it."""
    server, zygote = played
    server._errors.write(b"Traceback\n  somewhere\nMemoryError: too much\n")
    zygote.close()
    for ask in (lambda: server.end(1), lambda: server.spawn()):
        with pytest.raises(MachineFault) as caught:
            ask()
        assert str(caught.value) == "the fork server has gone: [Errno 32] Broken pipe; MemoryError: too much"


def test_a_child_that_does_not_take_its_submission() -> None:
    """It is told when the child is opened, not when it is forked ahead."""
    server = FakeServer(Peer.close)
    sent = load_message(assignment(), {"task.py": b"x" * 2**22})
    child = Child(server, assignment(), sent)  # type: ignore[arg-type]  # a fake
    with pytest.raises(MachineFault, match=r"a child did not take its submission: .*(Broken pipe|reset)"):
        child.open()
    child.end()


def test_a_child_that_ends_before_the_wall_stands() -> None:
    """With how it ended."""

    def script(peer: Peer) -> None:
        peer.receive()
        peer.close()

    with child_of(FakeServer(script), "") as child, pytest.raises(MachineFault) as caught:
        child.open()
    assert (
        str(caught.value) == "a child did not confine itself: end of file; closed its connection to the judge"
    )
