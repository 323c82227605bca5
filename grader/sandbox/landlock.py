"""Landlock: a process gives up files, TCP and signals for good. Three system calls, no root, Linux 5.13 or
newer.

See landlock(7) and the kernel's Documentation/userspace-api/landlock.rst. What the kernel is too old to
handle is left out here; `seccomp` carries it.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_RULE_PATH_BENEATH = 1
_CREATE_RULESET_VERSION = 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
# How many of the access rights an ABI knows, from version 1 on.
_FS_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_RIGHTS = 0b11  # bind and connect TCP, from ABI 4 on
_SCOPES = 0b11  # abstract unix sockets and signals, from ABI 6 on


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # Python 3.14 wants the layout of packed structures spelled out
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _syscall(number: int, *args: object) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(number, *args))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return result


def abi() -> int:
    """The kernel's Landlock version, 0 when it has none (or this is not Linux)."""
    if sys.platform != "linux":
        return 0
    try:
        return _syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_CREATE_RULESET_VERSION))
    except OSError:
        return 0


def create_ruleset(readable: Iterable[Path], writable_devices: Iterable[str]) -> int:
    """A ruleset that allows nothing but reading `readable` and using the devices. Returns its descriptor."""
    version = abi()
    attr = _RulesetAttr(
        fs=(1 << _FS_RIGHTS[min(version, 5)]) - 1,
        net=_NET_RIGHTS if version >= 4 else 0,
        scoped=_SCOPES if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _syscall(_CREATE_RULESET, ctypes.byref(attr), ctypes.c_size_t(size), ctypes.c_uint32(0))
    for path in readable:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    for device in writable_devices:
        _allow(ruleset, Path(device), READ_FILE | WRITE_FILE)
    return ruleset


def _allow(ruleset: int, path: Path, access: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            access &= ~READ_DIR
        rule = _PathBeneathAttr(access=access, parent=parent)
        _syscall(
            _ADD_RULE,
            ctypes.c_int(ruleset),
            ctypes.c_int(_RULE_PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(parent)


def restrict_self(ruleset: int) -> None:
    """Put this thread, and all it will start, behind the ruleset. `no_new_privs` must be set."""
    _syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
