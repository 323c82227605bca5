"""Length-prefixed frames over a stream socket, each way under an absolute deadline.

A peer that drips bytes, announces more than it sends or never reads cannot hold us longer than the deadline,
and memory grows only with what has really arrived. While it waits, the channel also serves one `Watched`
descriptor, so that a peer blocked on a full output pipe does not look like one that hangs.
"""

from __future__ import annotations

import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

_LENGTH = struct.Struct("<I")
_STEP = 1 << 18
_Read = TypeVar("_Read")
_CREDENTIALS = struct.Struct("iII")  # struct ucred: pid, uid, gid


class ChannelClosed(Exception):
    """The peer has gone: end of file or a broken connection."""


class DeadlinePassed(Exception):
    """The peer did not read or write in time."""


class FrameTooLong(Exception):
    """The peer announces a frame beyond the cap."""


class Watched(Protocol):
    """A descriptor to serve while waiting. `on_ready` returns False when it needs no more watching."""

    def fileno(self) -> int:
        """The descriptor, readable when there is something to serve."""
        ...

    def on_ready(self) -> bool:
        """Serve it; may raise to end the wait."""
        ...


def seconds_until(deadline: float) -> float:
    """On the monotonic clock."""
    return deadline - time.monotonic()


class Channel:
    """One end of a connected stream socket."""

    def __init__(
        self,
        sock: socket.socket,
        frame_bytes: int,
        watched: Watched | None = None,
        left: Callable[[float], float] = seconds_until,
    ) -> None:
        """`left` says how many seconds are left until a deadline: on whose clock is the owner's affair."""
        self._sock, self._frame_bytes, self._watched, self._left = sock, frame_bytes, watched, left
        self._received = bytearray()
        sock.setblocking(False)

    def send(self, frame: bytes, deadline: float | None = None) -> None:
        """Send one frame. A deadline of None waits for ever (the child's side only)."""
        pending = memoryview(_LENGTH.pack(len(frame)) + frame)
        while pending:
            try:
                pending = pending[self._sock.send(pending[:_STEP]) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, deadline)
            except OSError as error:
                raise ChannelClosed(str(error)) from None

    def receive(self, deadline: float | None = None) -> bytearray:
        """The next frame. Raises ChannelClosed, DeadlinePassed or FrameTooLong."""
        self._fill(_LENGTH.size, deadline)
        (length,) = _LENGTH.unpack_from(self._received)
        if length > self._frame_bytes:
            raise FrameTooLong(f"a frame of {length} bytes announced")
        end = _LENGTH.size + length
        self._fill(end, deadline)
        # Handed over, not copied: a frame may be large.
        frame, self._received = self._received, self._received[end:]
        del frame[end:], frame[: _LENGTH.size]
        return frame

    def next_sender(self, deadline: float | None = None) -> int | None:
        """The process that has sent what comes next, by the kernel's word, and nothing is taken from it.

        None where the kernel does not say: the socket needs `SO_PASSCRED`. Raises as `receive` does.
        """
        space = socket.CMSG_SPACE(_CREDENTIALS.size)
        chunk, words, *_ = self._read(lambda: self._sock.recvmsg(1, space, socket.MSG_PEEK), deadline)
        if not chunk:
            raise ChannelClosed("end of file")
        pids = [_CREDENTIALS.unpack(data)[0] for _, kind, data in words if kind == socket.SCM_CREDENTIALS]
        return pids[0] if pids else None

    def close(self) -> None:
        """Close our end."""
        self._sock.close()

    def _fill(self, size: int, deadline: float | None) -> None:
        while len(self._received) < size:
            chunk = self._read(lambda: self._sock.recv(_STEP), deadline)
            if not chunk:
                raise ChannelClosed("end of file")
            self._received += chunk
            # A peer that always has one more byte ready is never waited for.
            if deadline is not None and len(self._received) < size and self._left(deadline) < 0:
                raise DeadlinePassed

    def _read(self, receive: Callable[[], _Read], deadline: float | None) -> _Read:
        while True:
            try:
                return receive()
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
            except OSError as error:
                raise ChannelClosed(str(error)) from None

    def _wait(self, events: int, deadline: float | None) -> None:
        poll = select.poll()
        poll.register(self._sock, events)
        if self._watched is not None:
            poll.register(self._watched.fileno(), select.POLLIN)
        remaining = None if deadline is None else self._left(deadline)
        if remaining is not None and remaining <= 0:
            raise DeadlinePassed
        # When nothing comes in time we are called again, and the clock is asked again.
        ready = poll.poll(None if remaining is None else remaining * 1000 + 1)
        if self._watched is None or all(fd != self._watched.fileno() for fd, _ in ready):
            return
        if not self._watched.on_ready():
            self._watched = None
