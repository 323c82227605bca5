"""What the corpus has found in the engine, or was written to look for, part by part."""

from __future__ import annotations

import itertools
import math
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course.load import load_assignment
from grader.judge import child
from grader.judge.bench import load_message
from grader.judge.child import Child
from grader.judge.faults import TEXT_LIMIT, TRACEBACK_LIMIT, StudentFault, student_raised
from grader.judge.forkserver import Ended
from grader.judge.remote import RemoteObject
from grader.judge.score import writable
from grader.judge.transcript import kind
from grader.model.verdict import Verdict
from grader.wire.channel import Channel, DeadlinePassed
from grader.wire.codec import TRUSTED_CAPS, DecodeError, ObjectHandle, decode, encode
from grader.wire.messages import Confined, Get, Loaded, Raised, Returned, Unsendable, to_tuple
from tests.hostile.target import COURSE

# Numbers of one hash.
FLOATS, INTS = [2.0 ** (61 * k) for k in range(5)], [1, 2**61, 2**62 - 1]


class FakeServer:
    """A fork server without a fork: the other end of the child's socket is ours."""

    wall = "a wall"

    def __init__(self) -> None:
        self.end_of_child = socket.socket()

    def spawn(self) -> tuple[int, socket.socket, int]:
        """A socket, and a pipe on which nothing is printed."""
        ours, self.end_of_child = socket.socketpair()
        reading, writing = os.pipe()
        os.close(writing)
        return 1, ours, reading

    def end(self, number: int, patience_seconds: float = 0.0) -> Ended:
        """It has ended, by our SIGKILL."""
        return Ended(status=9, cpu_seconds=0.0, peak_kilobytes=0)

    def say(self, *messages: Any) -> None:
        """What the student's process would send."""
        line = Channel(self.end_of_child, TRUSTED_CAPS.frame_bytes)
        for message in messages:
            line.send(encode(to_tuple(message)))


@pytest.fixture
def server() -> Any:
    """A fake server, its socket closed at the end."""
    server = FakeServer()
    server.end_of_child.close()
    yield server
    server.end_of_child.close()


def opened(server: Any, *messages: Any) -> Child:
    """A child that says these messages, whatever it is asked."""
    task = load_assignment(COURSE / "assignments/target/assignment.yaml")
    conversation = Child(server, task, load_message(task, {}))
    server.say(*messages)
    return conversation


def test_a_test_may_not_be_filled_with_megabytes(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """All frames of a test together are bounded, as a test may keep every one of them."""
    monkeypatch.setattr(child, "VOLUME_BYTES", 2**24)
    monkeypatch.setattr(child, "VALUE_BYTES", 2**20)
    answer = Returned(1, [None] * 20, 0)
    conversation = opened(server, Confined("a wall"), Loaded({"f": True}), answer)
    conversation.open()
    with pytest.raises(StudentFault, match="more than 16 MiB in one test") as caught:
        conversation.ask(lambda id_: Get(id_, None, "f"))
    assert caught.value.verdict is Verdict.BAD_REPLY
    conversation.end()


def test_an_order_of_messages_that_is_none(server: Any) -> None:
    """Nothing may be said twice."""
    conversation = opened(server, Confined("a wall"), Confined("a wall"))
    with pytest.raises(StudentFault, match="answered before it was asked") as caught:
        conversation.open()
    assert caught.value.verdict is Verdict.BAD_REPLY
    conversation.end()


def test_reasons_are_cut(server: Any) -> None:
    """Why a value could not be sent is a student's text, too."""
    reason = Unsendable(1, "x" * 10_000)
    conversation = opened(server, Confined("a wall"), Loaded({}), reason)
    conversation.open()
    with pytest.raises(StudentFault) as caught:
        conversation.ask(lambda id_: Get(id_, None, "f"))
    assert caught.value.message == "returned " + "x" * TEXT_LIMIT
    conversation.end()


def test_texts_of_exceptions_are_cut() -> None:
    """Megabytes of a message or a traceback are cut before anybody formats them."""
    said = Raised(1, ["Odd"], "x" * 10**6, "y" * 10**6)
    fault = student_raised(said.bases, said.text, said.traceback)
    assert len(str(fault)) < TEXT_LIMIT + 20
    assert len(fault.evidence) == TRACEBACK_LIMIT


@pytest.mark.parametrize("make", [dict.fromkeys, set], ids=["dict", "set"])
@pytest.mark.parametrize(
    "numbers", [[2.0 ** (61 * k) for k in range(5)], [1, 2**61, 2**62 - 1]], ids=["float", "int"]
)
def test_keys_that_share_a_hash(make: Any, numbers: list[Any]) -> None:
    """Tuples of numbers of one hash: a hundred are taken, more would cost the judge quadratic work."""
    assert len({hash(number) for number in numbers}) == 1
    keys = list(itertools.islice(itertools.product(numbers, repeat=5), 101))
    assert decode(encode(make(keys[:100]))) == make(keys[:100])
    with pytest.raises(DecodeError, match="too many keys of one hash"):
        decode(encode(make(keys)))


def test_bytes_that_never_stop() -> None:
    """A frame whose bytes keep coming one by one is given up at the deadline, though nobody had to wait."""
    ours, theirs = socket.socketpair()
    stop = threading.Event()

    def drip() -> None:
        with theirs:
            theirs.sendall((2**20).to_bytes(4, "little"))
            while not stop.is_set():
                theirs.sendall(b"x")

    dripper = threading.Thread(target=drip)
    dripper.start()
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        Channel(ours, 2**26).receive(started + 0.2)
    assert time.monotonic() - started < 5
    stop.set()
    with ours:
        ours.setblocking(True)
        while ours.recv(2**20):
            pass
    dripper.join()


class Liar:
    """A peer whose objects have whatever length it says."""

    def __init__(self, length: object) -> None:
        self.length = length

    def call(self, *args: object) -> object:
        """Whatever is asked, the length."""
        return self.length


@pytest.mark.parametrize("length", [-1, 2**63, 2.0, None, "3", math.nan])
def test_a_length_that_is_none(length: object) -> None:
    """The student's mistake, not the test's, whatever Python would make of such a number."""
    liar: Any = Liar(length)
    with pytest.raises(StudentFault, match="a length of Odd that is no length") as caught:
        len(RemoteObject(liar, ObjectHandle(1, "Odd")))
    assert caught.value.verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2**63, "number beyond 64 bits"),
        (-(2**2000), "number beyond 64 bits"),
        (2**63 - 1, "number"),
        (math.nan, "number that is not finite"),
        (np.float32("inf"), "number that is not finite"),
        (np.array(-np.inf), "number that is not finite"),
        (complex(0, math.inf), "number that is not finite"),
        (np.array(0.5), "number"),
        (np.int8(3), "number"),
    ],
    ids=str,
)
def test_numbers_on_which_a_test_chokes(value: Any, expected: str) -> None:
    """`int(nan)` raises in the test itself; the reply is to blame, as the reference's was another kind."""
    assert kind(value) == expected


def test_what_no_file_could_hold() -> None:
    """Lone surrogates are spelled out, all else stays."""
    assert writable("é中\ud800\n") == "é中\\ud800\n"


def test_replies_may_be_passed_on() -> None:
    """A reply as deep as it may be, passed to the next call inside its arguments."""
    deep: Any = 0.0
    for _ in range(31):
        deep = [deep]
    assert decode(encode(("Returned", 1, decode(encode(deep)), 0), caps=TRUSTED_CAPS), caps=TRUSTED_CAPS)
    assert encode(("Call", 2, None, "f", ([deep],), {}, False, False), caps=TRUSTED_CAPS)


def test_no_file_of_the_corpus_is_collected() -> None:
    """What is named like a test, or is imported by accident, would run outside the wall."""
    corpus = Path(__file__).parent / "corpus"
    assert not list(corpus.rglob("test_*.py"))
    assert not list(corpus.rglob("__init__.py"))
