"""The judge's end of the zygote: start it, have children forked and ended, start it again when it dies."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.faults import MachineFault
from grader.sandbox import cgroup
from grader.sandbox.cgroup import MemoryGroup
from grader.wire.codec import DecodeError, decode, encode
from grader.wire.messages import OUT_OF_MEMORY_STATUS

START_SECONDS = 120.0
ANSWER_SECONDS = 30.0
ATTEMPTS = 3
CHILDREN = 2  # one at work, one forked ahead
_PACKET_BYTES = 4096

# The zygote's whole environment. One thread before any fork: a pool of threads does not survive it. Its heap
# on huge pages halves the time of a fork, which is mostly copying page tables.
ENVIRONMENT = {
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",  # matplotlib, where there is one, insists on a folder that looks writable
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # a set's order must not differ between a run and its repetition
    "PYTHONMALLOC": "malloc",
    "PYTHONUTF8": "1",
}
PASSED_THROUGH = ("LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended, from wait4."""

    status: int
    cpu_seconds: float
    peak_kilobytes: int
    was_alive: bool = True  # and had to be killed, as every child that has served its test

    @property
    def was_killed_from_outside(self) -> bool:
        """Dead of a SIGKILL that was not ours. The wall lets no child send one."""
        killed = os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL
        return killed and not self.was_alive

    @property
    def was_out_of_memory(self) -> bool:
        """By its own word, which costs a student who lies only another name for the same loss."""
        return os.WIFEXITED(self.status) and os.WEXITSTATUS(self.status) == OUT_OF_MEMORY_STATUS

    def in_words(self) -> str:
        """How the process ended, for a student."""
        if self.was_out_of_memory:
            return "the process had no memory left"
        if not os.WIFSIGNALED(self.status):
            return f"the process ended itself with exit code {os.WEXITSTATUS(self.status)}"
        number = os.WTERMSIG(self.status)
        if number == signal.SIGKILL:  # ours: it was still there
            return "closed its connection to the judge"
        names = {int(known): known.name for known in signal.Signals}  # the real-time ones have none
        return f"the process was ended by {names.get(number, f'signal {number}')}"


class ForkServerGone(MachineFault):
    """The zygote has ended without a word of why: somebody killed it, or the machine was short of memory."""


class ForkServer:
    """One zygote process."""

    def __init__(self, libraries: Sequence[str], sandbox: str, memory_bytes: int = 2**30) -> None:
        """`memory_bytes` is what a child may use, for the bound on all of them together."""
        self._libraries, self._sandbox, self._memory_bytes = list(libraries), sandbox, memory_bytes
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._group: MemoryGroup | None = None
        self.wall = ""

    @property
    def is_running(self) -> bool:
        """Whether it was started, and not stopped."""
        return self._process is not None

    def does_for(self, other: ForkServer) -> bool:
        """Whether children of this one are what children of the other would be."""
        return (self._libraries, self._sandbox, self._memory_bytes) == (
            other._libraries,
            other._sandbox,
            other._memory_bytes,
        )

    def start(self) -> None:
        """Start the zygote and wait until it is warm; one that dies of it is started again.

        Raises MachineFault with its own words.
        """
        for _ in range(ATTEMPTS - 1):
            with contextlib.suppress(ForkServerGone):
                return self._start()
        return self._start()

    def _start(self) -> None:
        self.stop()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {**ENVIRONMENT, **{k: os.environ[k] for k in PASSED_THROUGH if k in os.environ}}
        self._group = None if self._sandbox == "none" else cgroup.make()
        config = {
            "libraries": self._libraries,
            "sandbox": self._sandbox,
            "group": None if self._group is None else str(self._group.members),
        }
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the process)
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-s",
                    "-m",
                    "grader.worker.zygote",
                    str(theirs.fileno()),
                    json.dumps(config),
                ],
                pass_fds=(theirs.fileno(),),
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
            )
        self._control = ours
        try:
            verdict, text = self._receive(START_SECONDS)
            if verdict != "ready":
                raise MachineFault(str(text))
        except MachineFault:
            self.stop()
            raise
        self.wall = str(text)
        self._bound_memory()

    def _bound_memory(self) -> None:
        """Room for the children that live at a time, each with a copy of all that the zygote has."""
        if self._group is not None:
            warm = self._group.used_bytes()
            self._group.set_limit(warm + CHILDREN * (self._memory_bytes + warm))

    def stop(self) -> None:
        """End the zygote, and with it every child."""
        if self._process is not None:
            self._control.close()
            self._process.kill()
            self._process.wait()
            self._errors.close()
            self._process = None
            if self._group is not None:
                self._group.remove()

    def spawn(self) -> tuple[int, socket.socket, int]:
        """Fork a child. Returns its number, the judge's end of its socket, and the reading end of its
        output."""
        number = next(self._numbers)
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)  # says whose clock to look at
        read, write = os.pipe()
        try:
            socket.send_fds(self._control, [encode(("spawn", number))], [theirs.fileno(), write])
        except OSError as error:
            ours.close()
            os.close(read)
            raise ForkServerGone(f"the fork server has gone: {error}; {self._last_words()}") from None
        finally:
            theirs.close()
            os.close(write)
        return number, ours, read

    def end(self, number: int, patience_seconds: float = 0.0) -> Ended:
        """SIGKILL a child, unless it has ended by then, and say how it ended."""
        try:
            self._control.send(encode(("end", number, patience_seconds)))
        except OSError as error:
            raise ForkServerGone(f"the fork server has gone: {error}; {self._last_words()}") from None
        verb, ended, status, cpu, peak, was_alive = self._receive(ANSWER_SECONDS)
        if (verb, ended) != ("ended", number):
            raise MachineFault(f"the fork server answered {verb} {ended}")
        return Ended(status=status, cpu_seconds=cpu, peak_kilobytes=peak, was_alive=was_alive)

    def _receive(self, seconds: float) -> Any:
        self._control.settimeout(seconds)
        try:
            packet = self._control.recv(_PACKET_BYTES)
        except OSError as error:
            raise MachineFault(f"the fork server does not answer: {error}") from None
        if not packet:
            raise ForkServerGone(f"the fork server ended; {self._last_words()}")
        try:
            return decode(packet)
        except DecodeError as error:
            raise MachineFault(f"the fork server's answer: {error}") from None

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self._errors.seek(0)
            lines = self._errors.read(8192).decode("utf-8", "replace").strip().splitlines()
            return lines[-1] if lines else "it said nothing"
        return "it said nothing"
