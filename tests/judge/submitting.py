"""Small submissions for tests: modules in real processes, or behind a peer that a test plays by hand."""

from __future__ import annotations

import contextlib
import os
import socket
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from grader.judge.bench import load_message
from grader.judge.child import Child
from grader.judge.forkserver import Ended, ForkServer
from grader.judge.student import Student
from grader.model.assignment import Assignment, Ban, Limits, Text
from grader.wire.channel import Channel, ChannelClosed
from grader.wire.codec import TRUSTED_CAPS, Decoder, Encoder
from grader.wire.messages import from_tuple, to_tuple

WALL = "a wall of cardboard"


def assignment(
    libraries: tuple[str, ...] = ("numpy",), banned: tuple[Ban, ...] = (), **limits: Any
) -> Assignment:
    """An assignment whose only file is task.py."""
    return Assignment(
        slug="task",
        title=Text(en="Task", zh="任务"),
        note=1,
        points=1,
        files=("task.py",),
        libraries=libraries,
        banned=banned,
        limits=Limits(**{"call_seconds": 10.0, "test_seconds": 20.0, **limits}),
    )


@contextlib.contextmanager
def child_of(server: Any, source: str, **limits: Any) -> Iterator[Child]:
    """A process that has been sent the submission; ended afterwards."""
    task = assignment(**limits)
    child = Child(server, task, load_message(task, {"task.py": textwrap.dedent(source).encode()}))
    try:
        yield child
    finally:
        child.end()


@contextlib.contextmanager
def submitted(server: ForkServer, source: str, **limits: Any) -> Iterator[Student]:
    """The `student` of an inline submission."""
    with child_of(server, source, **limits) as child:
        child.open()
        yield Student(child)


class Peer:
    """The other end of a conversation, as a test writes it: whatever a student's process might send."""

    def __init__(self, sock: socket.socket) -> None:
        self._channel = Channel(sock, TRUSTED_CAPS.frame_bytes)

    def receive(self) -> Any:
        """The judge's next message."""
        decoder = Decoder(self._channel.receive(time.monotonic() + 10), None, TRUSTED_CAPS)
        return from_tuple(decoder.decode())

    def send(self, message: Any) -> None:
        """A message, as an honest worker would encode it."""
        self.send_frame(Encoder().encode(to_tuple(message)))

    def send_frame(self, frame: bytes) -> None:
        """Any bytes in a frame."""
        self._channel.send(frame, time.monotonic() + 10)

    def close(self) -> None:
        """Hang up; whoever still waits on this end is told."""
        with contextlib.suppress(OSError):
            self._channel._sock.shutdown(socket.SHUT_RDWR)


class FakeServer:
    """A fork server whose only child is a thread of the test that plays `script`."""

    wall = WALL

    def __init__(self, script: Callable[[Peer], None], ended: Ended | None = None) -> None:
        self._script = script
        self._ended = ended or Ended(status=9, cpu_seconds=0.0, peak_kilobytes=0)

    def spawn(self) -> tuple[int, socket.socket, int]:
        """As `ForkServer.spawn`."""
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        os.close(writing)
        self._sock, self._peer = theirs, Peer(theirs)
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()
        return 1, ours, reading

    def _play(self) -> None:
        with contextlib.suppress(ChannelClosed):
            self._script(self._peer)

    def end(self, number: int, patience_seconds: float = 0.0) -> Ended:
        """As `ForkServer.end`; the peer's socket goes with the process."""
        self._peer.close()
        self._thread.join(10)
        self._sock.close()
        return self._ended
