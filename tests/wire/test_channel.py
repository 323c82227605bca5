"""A peer that drips, lies, hangs or never reads: the deadline holds, and memory stays small."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from grader.wire.channel import Channel, ChannelClosed, DeadlinePassed, FrameTooLong

CAP = 2**24


@pytest.fixture
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel, and the raw socket of its peer."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, CAP)
    yield channel, theirs
    channel.close()
    theirs.close()


@contextlib.contextmanager
def beside(work: Callable[[], object]) -> Iterator[None]:
    """Run `work` in a thread for the length of the block; a broken pipe in it is no matter."""

    def run() -> None:
        with contextlib.suppress(OSError, ChannelClosed):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join(10)
        assert not thread.is_alive()


def soon(seconds: float = 5.0) -> float:
    """A deadline."""
    return time.monotonic() + seconds


def frame(content: bytes) -> bytes:
    """A frame as it looks on the socket."""
    return struct.pack("<I", len(content)) + content


def test_frames_in_order(pair: tuple[Channel, socket.socket]) -> None:
    """Several frames in one packet, one frame in several, an empty one."""
    channel, peer = pair
    peer.sendall(frame(b"one") + frame(b"") + frame(b"three")[:5])
    assert channel.receive(soon()) == b"one"
    assert channel.receive(soon()) == b""
    peer.sendall(frame(b"three")[5:])
    assert channel.receive(soon()) == b"three"


def test_sending_writes_length_and_content(pair: tuple[Channel, socket.socket]) -> None:
    """Four bytes of length, little endian, then the frame."""
    channel, peer = pair
    channel.send(b"hello", soon())
    assert peer.recv(100) == b"\x05\0\0\0hello"


def test_nothing_comes(pair: tuple[Channel, socket.socket]) -> None:
    """The wait ends at the deadline, not a moment before."""
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        pair[0].receive(started + 0.2)
    assert 0.2 <= time.monotonic() - started < 2


def test_a_deadline_in_the_past(pair: tuple[Channel, socket.socket]) -> None:
    """No wait at all."""
    with pytest.raises(DeadlinePassed):
        pair[0].receive(time.monotonic() - 1)


def test_a_peer_that_drips_bytes(pair: tuple[Channel, socket.socket]) -> None:
    """A byte every few milliseconds keeps no one beyond the deadline."""
    channel, peer = pair
    over = threading.Event()

    def drip() -> None:
        for byte in frame(b"x" * 10_000):
            if over.wait(0.005):
                return
            peer.send(bytes([byte]))

    with beside(drip):
        started = time.monotonic()
        with pytest.raises(DeadlinePassed):
            channel.receive(started + 0.3)
        over.set()
        assert time.monotonic() - started < 2


@pytest.mark.parametrize("length", [CAP + 1, 2**31, 2**32 - 1])
def test_a_frame_beyond_the_cap(pair: tuple[Channel, socket.socket], length: int) -> None:
    """Refused as soon as the length is there."""
    channel, peer = pair
    peer.sendall(struct.pack("<I", length))
    with pytest.raises(FrameTooLong) as caught:
        channel.receive(soon())
    assert str(caught.value) == f"a frame of {length} bytes announced"


def test_a_frame_at_the_cap() -> None:
    """Exactly the cap is taken."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, 100)
    theirs.sendall(frame(b"x" * 100))
    assert channel.receive(soon()) == b"x" * 100
    channel.close()
    theirs.close()


def test_an_announced_length_allocates_nothing(pair: tuple[Channel, socket.socket]) -> None:
    """Sixteen megabytes announced, ten bytes sent: memory grows by what has come."""
    channel, peer = pair
    peer.sendall(struct.pack("<I", CAP) + b"x" * 10)
    tracemalloc.start()
    try:
        with pytest.raises(DeadlinePassed):
            channel.receive(soon(0.1))
        # One step of the reader is 256 KiB.
        assert tracemalloc.get_traced_memory()[1] < 600_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("sent", [b"", b"\x05\0", frame(b"hello")[:6]], ids=["nothing", "a length", "a part"])
def test_the_peer_goes_away(pair: tuple[Channel, socket.socket], sent: bytes) -> None:
    """Before a frame, within its length, within its content."""
    channel, peer = pair
    peer.sendall(sent)
    peer.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ChannelClosed) as caught:
        channel.receive(soon())
    assert str(caught.value) == "end of file"


def test_a_broken_connection(pair: tuple[Channel, socket.socket]) -> None:
    """Unread data when the peer closes resets the connection: an error, in the kernel's words."""
    channel, peer = pair
    channel.send(b"unread", soon())
    peer.close()
    with pytest.raises(ChannelClosed, match="Connection reset"):
        channel.receive(soon())
    with pytest.raises(ChannelClosed, match="Broken pipe"):
        channel.send(b"x", soon())


def test_a_peer_that_never_reads(pair: tuple[Channel, socket.socket]) -> None:
    """A frame larger than the socket's buffer is given up at the deadline."""
    started = time.monotonic()
    with pytest.raises(DeadlinePassed):
        pair[0].send(b"x" * 2**22, started + 0.2)
    assert time.monotonic() - started < 2


def test_large_frames_both_ways(pair: tuple[Channel, socket.socket]) -> None:
    """Eight megabytes there and back, far more than any buffer."""
    channel, peer = pair
    content = os.urandom(2**23)

    def echo() -> None:
        other = Channel(peer, CAP)
        other.send(bytes(other.receive(soon(20))), soon(20))

    with beside(echo):
        channel.send(content, soon(20))
        assert channel.receive(soon(20)) == content


def test_whose_clock_it_is_is_the_owners_affair() -> None:
    """The deadline passes when nothing is left, and not before, however long that takes."""
    ours, theirs = socket.socketpair()
    lefts = iter([0.01, 0.0, -1.0])
    channel = Channel(ours, CAP, left=lambda deadline: deadline + next(lefts))
    with pytest.raises(DeadlinePassed):
        channel.receive(0.0)
    assert next(lefts) == -1.0
    channel.close()
    theirs.close()


def test_the_sender_by_the_kernels_word(pair: tuple[Channel, socket.socket]) -> None:
    """Told where the socket was made to ask; the frame is still all there."""
    channel, peer = pair
    peer.sendall(frame(b"one"))
    assert channel.next_sender(soon()) is None
    assert channel.receive(soon()) == b"one"
    channel._sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    child = os.fork()
    if child == 0:
        peer.sendall(frame(b"two"))
        os._exit(0)
    assert channel.next_sender(soon()) == child
    assert channel.receive(soon()) == b"two"
    os.waitpid(child, 0)
    with pytest.raises(DeadlinePassed):
        channel.next_sender(soon(0.1))
    peer.shutdown(socket.SHUT_RDWR)
    with pytest.raises(ChannelClosed, match="end of file"):
        channel.next_sender(soon())


def test_a_sender_that_breaks_the_connection(pair: tuple[Channel, socket.socket]) -> None:
    """An error, in the kernel's words."""
    channel, peer = pair
    channel.send(b"unread", soon())
    peer.close()
    with pytest.raises(ChannelClosed, match="Connection reset"):
        channel.next_sender(soon())


class Pipe:
    """A watched pipe that keeps what it reads."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self.seen = bytearray()

    def fileno(self) -> int:
        return self.reading

    def on_ready(self) -> bool:
        chunk = os.read(self.reading, 2**16)
        self.seen += chunk
        return bool(chunk)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A pipe, closed at the end."""
    pipe = Pipe()
    yield pipe
    os.close(pipe.reading)
    with contextlib.suppress(OSError):
        os.close(pipe.writing)


def test_output_is_drained_while_receiving(pipe: Pipe) -> None:
    """A peer that prints a megabyte before it answers is not one that hangs."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, CAP, pipe)

    def print_then_answer() -> None:
        for _ in range(256):
            os.write(pipe.writing, b"x" * 4096)
        os.close(pipe.writing)
        theirs.sendall(frame(b"done"))

    with beside(print_then_answer):
        assert channel.receive(soon(20)) == b"done"
    while pipe.on_ready():
        pass
    assert len(pipe.seen) == 2**20
    channel.close()
    theirs.close()


def test_output_is_drained_while_sending(pipe: Pipe) -> None:
    """A peer that prints a megabyte before it reads its question."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, CAP, pipe)
    received: list[bytes] = []

    def print_then_read() -> None:
        for _ in range(256):
            os.write(pipe.writing, b"x" * 4096)
        received.append(bytes(Channel(theirs, CAP).receive(soon(20))))

    with beside(print_then_read):
        channel.send(b"y" * 2**22, soon(20))
    assert received == [b"y" * 2**22]
    channel.close()
    theirs.close()


def test_a_closed_output_is_watched_no_longer(pipe: Pipe) -> None:
    """Otherwise an end of file, always readable, would make the wait spin."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, CAP, pipe)
    os.close(pipe.writing)
    busy = time.process_time()
    with pytest.raises(DeadlinePassed):
        channel.receive(soon(0.3))
    assert time.process_time() - busy < 0.2
    channel.close()
    theirs.close()


def test_what_on_ready_raises_ends_the_wait(pipe: Pipe) -> None:
    """That is how a cap on the output stops a conversation."""

    class Limited(Pipe):
        def on_ready(self) -> bool:
            raise OverflowError("too much")

    limited = Limited()
    ours, theirs = socket.socketpair()
    channel = Channel(ours, CAP, limited)
    os.write(limited.writing, b"x")
    with pytest.raises(OverflowError, match="too much"):
        channel.receive(soon())
    channel.close()
    theirs.close()
    os.close(limited.reading)
    os.close(limited.writing)
