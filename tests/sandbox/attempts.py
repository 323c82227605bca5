"""What a student's process might try, and what it may do; `behind` runs these in confined children.

Signals are probed with number 0 only.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import platform
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

_libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
# Numbers of system calls that have no wrapper everywhere: x86-64, and the generic table of newer machines.
NUMBERS = {
    "ptrace": 101 if X86 else 117,
    "process_vm_readv": 310 if X86 else 270,
    "memfd_create": 319 if X86 else 279,
    "shmget": 29 if X86 else 194,
    "keyctl": 250 if X86 else 219,
    "unshare": 272 if X86 else 97,
    "mount": 165 if X86 else 40,
    "bpf": 321 if X86 else 280,
    "perf_event_open": 298 if X86 else 241,
    "userfaultfd": 323 if X86 else 282,
    "io_uring_setup": 425,
    "pidfd_open": 434,
    "clone3": 435,
    "clone": 56 if X86 else 220,
    "tgkill": 234 if X86 else 131,
    "personality": 135 if X86 else 92,
    "prlimit64": 302 if X86 else 261,
    "sched_setaffinity": 203 if X86 else 122,
}


def call(name: str, *args: Any) -> int:
    """A raw system call. Raises OSError."""
    result = int(_libc.syscall(NUMBERS[name], *map(ctypes.c_long, args)))
    if result < 0:
        raise OSError(ctypes.get_errno(), name)
    return result


def tiny_limit(pid: int) -> None:
    """Set a limit by prlimit."""
    limits = (ctypes.c_uint64 * 2)(0, 0)
    call("prlimit64", pid, resource.RLIMIT_CPU, ctypes.addressof(limits), 0)


def bind_unix() -> None:
    """A server on a unix socket."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("/tmp/grader-attempt.sock")


def connect_tcp() -> None:
    """To a port where nobody listens: ECONNREFUSED would mean that it was let through."""
    with socket.socket() as client:
        client.connect(("127.0.0.1", 9))


REFUSED: dict[str, Callable[[], Any]] = {
    "open /etc/passwd": lambda: open("/etc/passwd").close(),
    "open this file": lambda: open(__file__).close(),
    "open /proc/self/maps": lambda: open("/proc/self/maps").close(),
    "open the parent's environment": lambda: open(f"/proc/{os.getppid()}/environ").close(),
    "write a file": lambda: open("/tmp/grader-attempt", "w").close(),
    "write to the installation": lambda: open(f"{os.path.dirname(os.__file__)}/x.py", "w").close(),
    "posix shared memory": lambda: open("/dev/shm/grader-attempt", "w").close(),
    "listdir /": lambda: os.listdir("/"),
    "listdir here": lambda: os.listdir(os.path.dirname(__file__)),
    "chmod": lambda: os.chmod("/tmp", 0o1777),
    "unlink": lambda: os.unlink("/tmp/grader-attempt"),
    "mkdir": lambda: os.mkdir("/tmp/grader-attempt.d"),
    "rename": lambda: os.rename("/tmp/grader-attempt", "/tmp/grader-attempt.2"),
    "symlink": lambda: os.symlink("/etc/passwd", "/tmp/grader-attempt.l"),
    "truncate": lambda: os.truncate("/tmp/grader-attempt", 0),
    "socket": lambda: socket.socket().close(),
    "socketpair": lambda: socket.socketpair()[0].close(),
    "connect": connect_tcp,
    "bind": bind_unix,
    "fork": lambda: os.fork() or os._exit(0),
    "clone a process": lambda: call("clone", signal.SIGCHLD, 0, 0, 0, 0) or os._exit(0),
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "subprocess": lambda: subprocess.run(["/bin/true"], check=True),
    "system": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "kill the parent": lambda: os.kill(os.getppid(), 0),
    "kill the group": lambda: os.killpg(os.getpgid(0), 0),
    "tgkill the parent": lambda: call("tgkill", os.getppid(), os.getppid(), 0),
    "ptrace": lambda: call("ptrace", 0, 0, 0, 0),
    "process_vm_readv": lambda: call("process_vm_readv", os.getppid(), 0, 0, 0, 0, 0),
    "pidfd_open": lambda: call("pidfd_open", os.getppid(), 0),
    "memfd_create": lambda: call("memfd_create", ctypes.addressof(ctypes.create_string_buffer(b"x")), 0),
    "shmget": lambda: call("shmget", 0, 4096, 0o600),
    "keyctl": lambda: call("keyctl", 0, -3, 0),
    "unshare": lambda: call("unshare", 0x10000000),
    "mount": lambda: call("mount", 0, 0, 0, 0, 0),
    "bpf": lambda: call("bpf", 0, 0, 0),
    "perf_event_open": lambda: call("perf_event_open", 0, 0, -1, -1, 0),
    "userfaultfd": lambda: call("userfaultfd", 0),
    "io_uring_setup": lambda: call("io_uring_setup", 1, 0),
    "personality": lambda: call("personality", 0x0040000),
    "prlimit on the parent": lambda: tiny_limit(os.getppid()),
    "prlimit on itself": lambda: tiny_limit(0),
    "setpriority": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 1),
    "affinity": lambda: os.sched_setaffinity(0, {0}),
    "setuid": lambda: os.setuid(os.getuid()),
    "own a signal": lambda: fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid()),
    "push terminal input": lambda: fcntl.ioctl(1, 0x5412, b"x"),
    "become dumpable": lambda: raise_errno(_libc.prctl(4, 1, 0, 0, 0)),
    "loosen seccomp": lambda: raise_errno(_libc.prctl(22, 2, 0, 0, 0)),
}


def raise_errno(result: int) -> None:
    """OSError of a failed libc call."""
    if result < 0:
        raise OSError(ctypes.get_errno(), "prctl")


def in_a_thread() -> int:
    """Threads are allowed."""
    seen: list[int] = []
    threads = [threading.Thread(target=seen.append, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(seen)


def slept() -> float:
    """Seconds of a short sleep."""
    started = time.monotonic()
    time.sleep(0.001)
    return time.monotonic() - started


def rung() -> bool:
    """A student's own timer."""
    heard: list[int] = []
    signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(0.1)
    return bool(heard)


def through_a_pipe() -> bytes:
    """A pipe of one's own."""
    reading, writing = os.pipe()
    os.write(writing, b"water")
    select.select([reading], [], [], 1)
    return os.read(reading, 10)


def clone3_falls_back() -> str:
    """glibc takes ENOSYS for an old kernel and uses clone."""
    with contextlib.suppress(OSError):
        call("clone3", 0, 0)
    return errno.errorcode[ctypes.get_errno()]


WORKS: dict[str, tuple[Callable[[], Any], Any]] = {
    "threads": (in_a_thread, 6),
    "import from the standard library": (lambda: __import__("wave").__name__, "wave"),
    "import from site-packages": (lambda: __import__("click").__name__, "click"),
    "import numpy": (lambda: int(__import__("numpy").arange(4).sum()), 6),
    "time": (lambda: slept() > 0, True),
    "local time": (lambda: len(time.strftime("%H:%M")), 5),
    "random": (lambda: len(os.urandom(8)) + len(__import__("secrets").token_bytes(8)), 16),
    "print": (lambda: print("a student prints", file=sys.stderr), None),
    "write to /dev/null": (lambda: os.write(os.open("/dev/null", os.O_WRONLY), b"x"), 1),
    "read /dev/urandom": (lambda: len(os.read(os.open("/dev/urandom", os.O_RDONLY), 4)), 4),
    "own limits": (lambda: resource.getrlimit(resource.RLIMIT_CORE), [0, 0]),
    "a timer": (rung, True),
    "a pipe": (lambda: through_a_pipe().decode(), "water"),
    "anonymous memory": (lambda: len(mmap.mmap(-1, 4096)), 4096),
    "clone3": (clone3_falls_back, "ENOSYS"),
}


def too_much_memory() -> int:
    """Beyond the 256 MiB that these walls allow."""
    return len(bytearray(2**29))


def too_many_files() -> int:
    """More descriptors than the limit."""
    return len([os.dup(1) for _ in range(100)])


LIMITS: dict[str, Callable[[], Any]] = {
    "memory within the limit": lambda: len(bytearray(2**27)),
    "memory beyond the limit": too_much_memory,
    "descriptors beyond the limit": too_many_files,
    "processor time beyond the limit": lambda: sum(iter(int, 1)),
}
