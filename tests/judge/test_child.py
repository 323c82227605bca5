"""A peer that may say anything: each lie is a bad reply, and none of them holds the judge."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.judge.faults import MachineFault, StudentFault
from grader.judge.forkserver import Ended
from grader.judge.student import Student
from grader.model.verdict import Verdict
from grader.wire.codec import FunctionHandle, ObjectHandle, encode
from grader.wire.messages import (
    Answer,
    Call,
    Callback,
    Compiled,
    Confined,
    Loaded,
    Raised,
    Returned,
    Unsendable,
)
from tests.judge.hand_played import after_the_opening, play
from tests.judge.submitting import FakeServer, Peer, child_of


def bad_reply_to(answer: Callable[[Peer, int], Any], call: Callable[[Student], Any] | None = None) -> str:
    """The judge's words for a peer that answers the first call by `answer`."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        answer(peer, peer.receive().id)
        peer.receive()

    with play(script) as student:
        with pytest.raises(StudentFault) as caught:
            (call or (lambda student: student.f(1)))(student)
        with pytest.raises(StudentFault):
            student.f(1)
    assert caught.value.verdict is Verdict.BAD_REPLY
    return str(caught.value).removeprefix("sent something that is no reply: ")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda peer, id_: peer.send_frame(b"\xff\xff"), "unknown tag 0xff"),
        (lambda peer, id_: peer.send_frame(b""), "1 bytes announced, 0 left"),
        (lambda peer, id_: peer.send_frame(encode("just text")), "not a message"),
        (
            lambda peer, id_: peer.send(Returned(id_ + 1, 5, 0)),
            "Returned where a reply to request 1 is due",
        ),
        (lambda peer, id_: peer.send(Answer(id_, 5)), "Answer where a reply to request 1 is due"),
        (lambda peer, id_: peer.send(Call(id_, None, "f", (), {}, False, False)), "Call where a reply to"),
        (lambda peer, id_: peer.send(Loaded({})), "Loaded where a reply to request 1 is due"),
        (
            lambda peer, id_: peer.send(Callback(1, 7, (), {})),
            "a function that was never passed",
        ),
        (
            lambda peer, id_: peer.send(Returned(id_, [FunctionHandle(0)], 0)),
            "a function that was never passed",
        ),
        (
            lambda peer, id_: peer._channel._sock.sendall(b"\xff\xff\xff\xff"),
            "a frame of 4294967295 bytes announced",
        ),
        (lambda peer, id_: peer.send_frame(b"s\xff\xff\xff\xff"), "4294967295 bytes announced, 0 left"),
    ],
)
def test_replies_that_are_none(answer: Callable[[Peer, int], Any], message: str) -> None:
    """Malformed frames, messages of the other direction, another request's reply, functions never passed."""
    assert bad_reply_to(answer).startswith(message)


def test_a_callback_below_zero() -> None:
    """Python would count from the end of the list."""

    def answer(peer: Peer, id_: int) -> None:
        peer.send(Callback(1, -1, (), {}))

    assert bad_reply_to(answer, lambda student: student.f(lambda: None))


def test_a_reply_that_waited_in_the_queue() -> None:
    """Sent before the question: its number does not fit."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.send(Returned(2, "prepared", 0))
        peer.send(Returned(peer.receive().id, "first", 0))

    with (
        play(script) as student,
        pytest.raises(StudentFault, match="Returned where a reply to request 1 is due"),
    ):
        student.f()


def test_what_a_refusal_says() -> None:
    """The worker's own words for what it could not encode."""
    assert bad_reply_once(lambda id_: Unsendable(id_, "a value too large to send")) == (
        "returned a value too large to send"
    )


def bad_reply_once(reply: Callable[[int], Any]) -> str:
    """The words of a fault that does not end the conversation."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.send(reply(peer.receive().id))
        peer.send(Returned(peer.receive().id, 5, 0))

    with play(script) as student:
        with pytest.raises(StudentFault) as caught:
            student.f()
        assert student.f() == 5
    return str(caught.value)


def test_an_exception_that_claims_everything() -> None:
    """Any names, any text."""
    names = ["KeyboardInterrupt", "Exit", "SystemExit", "BaseException", "ValueError"]
    said = bad_reply_once(lambda id_: Raised(id_, names, "x", ""))
    assert said.startswith("raised KeyboardInterrupt: x")


@pytest.mark.parametrize(
    ("first", "message"),
    [
        (lambda peer: peer.close(), "a child did not confine itself: "),
        (lambda peer: peer.send(Confined("another wall")), "a child did not stand behind the wall that was"),
        (lambda peer: peer.send(Loaded({})), "a child did not stand behind the wall that was prepared"),
    ],
)
def test_a_wall_that_did_not_go_up(first: Callable[[Peer], None], message: str) -> None:
    """Nobody's points: the machine is to blame."""

    def script(peer: Peer) -> None:
        peer.receive()
        first(peer)

    with child_of(FakeServer(script), "") as child, pytest.raises(MachineFault, match=message):
        child.open()


@pytest.mark.parametrize(
    "early",
    [lambda peer: peer.send(Returned(1, 5, 0)), lambda peer: peer.send(Compiled([], [], {}))],
    ids=["a reply", "code"],
)
def test_an_answer_before_any_question(early: Callable[[Peer], None]) -> None:
    """Where the module should be loaded."""
    with child_of(FakeServer(after_the_opening(early)), "") as child, pytest.raises(StudentFault) as caught:
        child.open()
    assert (caught.value.verdict, str(caught.value)) == (Verdict.BAD_REPLY, "answered before it was asked")


def test_callbacks_without_end() -> None:
    """A peer that always has the next one ready, and never reads an answer, meets the deadline."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.receive()
        while True:
            peer.send(Callback(1, 0, (), {}))

    started = time.monotonic()
    with play(script, call_seconds=0.5, callbacks=10**9) as student, pytest.raises(StudentFault) as caught:
        student.f(lambda: time.sleep(0.001))
    assert caught.value.verdict is Verdict.TIMED_OUT
    assert time.monotonic() - started < 5


def test_a_peer_that_says_nothing() -> None:
    """Gone at the deadline."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.receive()
        peer.receive()

    with play(script, call_seconds=0.2) as student, pytest.raises(StudentFault) as caught:
        student.f()
    assert (caught.value.verdict, str(caught.value)) == (Verdict.TIMED_OUT, "took longer than 0.2 seconds")


def test_a_peer_that_somebody_else_killed() -> None:
    """Not by us, and no student can: the machine's fault, and nobody's points."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.receive()
        peer.close()

    ended = Ended(status=9, cpu_seconds=0, peak_kilobytes=0, was_alive=False)
    with play(script, ended) as student, pytest.raises(MachineFault, match="killed by somebody else"):
        student.f()


@pytest.mark.parametrize(
    ("ended", "verdict", "message"),
    [
        (
            Ended(status=3 << 8, cpu_seconds=0, peak_kilobytes=0),
            Verdict.CRASHED,
            "the process ended itself with",
        ),
        (
            Ended(status=6, cpu_seconds=1, peak_kilobytes=0),
            Verdict.CRASHED,
            "the process was ended by SIGABRT",
        ),
        (
            Ended(status=9, cpu_seconds=21, peak_kilobytes=0),
            Verdict.TIMED_OUT,
            "used 21 seconds of processor time",
        ),
    ],
)
def test_a_peer_that_hangs_up(ended: Ended, verdict: Verdict, message: str) -> None:
    """By what the kernel says of its end."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.receive()
        peer.close()

    with play(script, ended) as student, pytest.raises(StudentFault) as caught:
        student.f()
    assert caught.value.verdict is verdict
    assert str(caught.value).startswith(message)


def test_lying_about_objects() -> None:
    """Numbers and names of objects are only data: one number is one object, whatever it is called."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        handles = [ObjectHandle(1, "list"), ObjectHandle(1, "Exception", True), ObjectHandle(2**32 - 1, "")]
        peer.send(Returned(peer.receive().id, handles, 2**40))
        peer.receive()

    with play(script) as student:
        first, same, other = student.f()
        assert first is same
        assert other is not first


@pytest.mark.parametrize(
    ("reply", "changed"),
    [
        (lambda id_: Returned(id_, {"0": np.zeros(2), "mask": [1]}, 0), ()),
        (lambda id_: Returned(id_, {"0": np.zeros(2), "mask": [1], "more": 5}, 0), ()),
        (lambda id_: Returned(id_, {"0": np.ones(2), "mask": [1]}, 0), ("0",)),
        (lambda id_: Returned(id_, {"0": [0.0, 0.0], "mask": (1,)}, 0), ("0", "mask")),
        (lambda id_: Returned(id_, {"mask": [1]}, 0), ("0",)),
        (lambda id_: Returned(id_, {}, 0), ("0", "mask")),
        (lambda id_: Returned(id_, [], 0), ("0", "mask")),
        (lambda id_: Returned(id_, None, 0), ("0", "mask")),
        (lambda id_: Unsendable(id_, "a list that contains itself"), ("0", "mask")),
        (lambda id_: Raised(id_, ["KeyError"], "", ""), ("0", "mask")),
    ],
)
def test_lying_about_arguments(reply: Callable[[int], Any], changed: tuple[str, ...]) -> None:
    """A process is asked for what it was given; what it cannot give back, it has not kept."""

    def script(peer: Peer) -> None:
        peer.send(Loaded({"f": True}))
        peer.send(Returned(peer.receive().id, 5, 0))
        peer.send(reply(peer.receive().id))
        peer.receive()

    with play(script) as student:
        assert student.last_call.changed == ()
        student.f(np.zeros(2), mask=[1])
        assert student.last_call.changed == changed


def test_descriptors_are_given_back() -> None:
    """However a conversation ends."""
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        bad_reply_to(lambda peer, id_: peer.send_frame(b"\xff"))
    assert len(os.listdir("/proc/self/fd")) <= before + 2
