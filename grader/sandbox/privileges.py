"""Giving up what root has. Needed only where `grade` itself runs as root, as in many containers."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

NOBODY = 65534
_PR_CAPBSET_READ, _PR_CAPBSET_DROP = 23, 24
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x20080522
_SIGKILL = 9
_libc = ctypes.CDLL(None, use_errno=True)


def set_undumpable() -> None:
    """Close `/proc/PID` and ptrace to every other process of the same user."""
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def die_with_parent() -> None:
    """Have the kernel SIGKILL this process when the thread that started it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def set_no_new_privs() -> None:
    """No exec may ever gain rights again. Raises OSError."""
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs is refused")


def drop_root(needed: Iterable[Path]) -> str:
    """From root to an unprivileged user where `needed` stays readable to it, else to root without
    capabilities.

    Returns what was done, for the records: `""` (was not root), `"nobody"` or `"no capabilities"`.
    """
    if os.geteuid() != 0:
        return ""
    if all(map(_reachable_by_others, needed)):
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        return "nobody"
    return "no capabilities"


def drop_capabilities() -> None:
    """Clear the bounding, effective, permitted and inheritable sets; a no-op for an ordinary user.

    The zygote does it once, each child once more: then it is one question to the kernel.
    """
    if _libc.prctl(_PR_CAPBSET_READ, 0, 0, 0, 0) == 0:
        return
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    empty = (ctypes.c_uint32 * 6)()
    _libc.capset(ctypes.byref(header), ctypes.byref(empty))


def _reachable_by_others(path: Path) -> bool:
    with contextlib.suppress(OSError):
        path = path.resolve()
        return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents) if place.is_dir())
    return False
