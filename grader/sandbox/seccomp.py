"""seccomp: an allow-list of system calls, compiled once by libseccomp and loaded in each child.

Everything else answers EPERM, so that honest code sees an OSError rather than a dead process. `clone3`
answers ENOSYS: glibc then falls back to `clone`, whose flags a filter can read (threads yes, processes no).
"""

from __future__ import annotations

import ctypes
import errno
import os
import tempfile
from typing import Any

from grader.sandbox import policy

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_BPF_INSTRUCTION_BYTES = 8
_OPTIMIZE_BINARY_TREE = 2
_UNKNOWN_SYSCALL = -1  # an older libseccomp knows fewer names


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def available() -> str | None:
    """None when filters can be compiled, else the reason why not."""
    try:
        import pyseccomp  # noqa: F401  (asked for: does it load?)
    except ImportError as error:
        return f"pyseccomp: {error}"
    except (OSError, RuntimeError) as error:
        return f"libseccomp: {error}"
    return None


def compile_filter() -> bytes:
    """The filter of `policy` as BPF instructions for this machine."""
    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in policy.ALLOWED_SYSCALLS:
        _allow(rules, name)
    thread = seccomp.Arg(0, seccomp.MASKED_EQ, policy.CLONE_THREAD, policy.CLONE_THREAD)
    _allow(rules, "clone", thread)
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    for command in policy.FCNTL_COMMANDS:
        _allow(rules, "fcntl", seccomp.Arg(1, seccomp.EQ, command))
    for command in policy.IOCTL_COMMANDS:
        _allow(rules, "ioctl", seccomp.Arg(1, seccomp.EQ, command))
    for option in policy.PRCTL_OPTIONS:
        _allow(rules, "prctl", seccomp.Arg(0, seccomp.EQ, option))
    # Reading one's own limits; setting any, or anyone else's, stays refused.
    _allow(rules, "prlimit64", seccomp.Arg(0, seccomp.EQ, 0), seccomp.Arg(2, seccomp.EQ, 0))
    rules.set_attr(seccomp.Attr.CTL_OPTIMIZE, _OPTIMIZE_BINARY_TREE)
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _allow(rules: Any, name: str, *args: Any) -> None:
    import pyseccomp as seccomp

    if seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) != _UNKNOWN_SYSCALL:
        rules.add_rule(seccomp.ALLOW, name, *args)


def load_filter(instructions: bytes) -> None:
    """Put this process behind a compiled filter, for good. `no_new_privs` must be set. Raises OSError."""
    program = _Program(len(instructions) // _BPF_INSTRUCTION_BYTES, instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")
