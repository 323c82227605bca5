"""A second wall behind the first, where the kernel gives it to us: namespaces of the zygote's own.

    user, pid, ipc, uts, net    made at the start: no process, socket or queue of the host has a name there
    mount                       a root of its own: nothing but Python and the system's libraries, read-only

Landlock and seccomp do not depend on it and are required without it; a fault in one of the two kinds does not
open the other. See user_namespaces(7), pid_namespaces(7), pivot_root(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from grader.sandbox import privileges

_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_REC, _MS_PRIVATE, _MS_RELATIME = 4096, 16384, 1 << 18, 1 << 21
_MNT_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_ST_RELATIME = 4096
# Where the new root is put together: a folder of every machine that hides nothing we need.
MOUNT_POINT = "/sys"
# There and writable as on any machine, so that libraries find what they look for; Landlock keeps them empty.
SCRATCH = ("/tmp", "/dev/shm")
# Flags of a mount that a user namespace may not take away; statvfs and mount give them the same numbers.
_LOCKED = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC | 1024 | 2048


def missing() -> str | None:
    """None where `enter` and `change_root` work, else the reason why not. Tried in a process of its own."""
    if sys.platform != "linux" or os.uname().machine not in _PIVOT_ROOT:
        return "needs Linux on x86-64 or 64-bit ARM"
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.write(writing, _attempt().encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        reason = pipe.read()
    os.waitpid(pid, 0)
    return None if reason == "stands" else reason or "refused here"


def _attempt() -> str:
    try:
        enter()
        change_root([Path(sys.base_prefix)])
    except OSError as error:
        return str(error)
    return "the root did not change" if os.path.exists("/etc") else "stands"


def enter() -> None:
    """Move this single-threaded process into namespaces of its own, as the first process there.

    The process that called stays outside only to wait, and ends as the one inside does; whichever dies takes
    the other along. Raises OSError.
    """
    uid, gid = os.geteuid(), os.getegid()
    user = 0 if uid == 0 else _NEWUSER
    _check(_libc().unshare(user | _NEWNS | _NEWUTS | _NEWIPC | _NEWPID | _NEWNET), "unshare")
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    privileges.die_with_parent()


def change_root(readable: Iterable[Path]) -> None:
    """Leave the host's files behind, but for `readable`, bound read-only into an empty root. Raises OSError.

    After the warm-up: torch asks /proc and /sys about the processor when it is imported.
    """
    _mount(None, "/", _MS_REC | _MS_PRIVATE)
    root = MOUNT_POINT
    _mount("tmpfs", root, _MS_NOSUID | _MS_NODEV, "tmpfs", "size=1m,mode=755")
    for folder in SCRATCH:  # first: Python itself may live below /tmp
        Path(root + folder).mkdir(parents=True)
        _mount("tmpfs", root + folder, _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "tmpfs", "size=1m,mode=1777")
    for path in [*readable, *map(Path, ("/dev/null", "/dev/urandom"))]:
        _bind(path, root)
    os.mkdir(f"{root}/proc")
    with contextlib.suppress(OSError):  # refused where the host's own /proc is covered in part
        _mount("proc", f"{root}/proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "proc")
    os.mkdir(f"{root}/old")
    old = f"{root}/old".encode()
    _check(_libc().syscall(_PIVOT_ROOT[os.uname().machine], root.encode(), old), "pivot_root")
    os.chdir("/")
    _check(_libc().umount2(b"/old", _MNT_DETACH), "umount the old root")
    os.rmdir("/old")
    _mount(None, "/", _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)


def _bind(path: Path, root: str) -> None:
    """Bind what `path` leads to at its real place, and lay the links that lead there."""
    real = path.resolve()
    target = Path(f"{root}{real}")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.mkdir() if real.is_dir() else target.touch()
        _mount(str(real), str(target), _MS_BIND | _MS_REC)
        kept = os.statvfs(real).f_flag
        relatime = _MS_RELATIME if kept & _ST_RELATIME else 0
        _mount(None, str(target), _MS_REMOUNT | _MS_BIND | _MS_RDONLY | kept & _LOCKED | relatime)
    for link in reversed((path, *path.parents)):
        if link.is_symlink():
            place = Path(f"{root}{link.parent.resolve()}") / link.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.is_symlink():
                place.symlink_to(os.readlink(link))


def _mount(
    source: str | None, target: str, flags: int, kind: str | None = None, data: str | None = None
) -> None:
    def encoded(text: str | None) -> bytes | None:
        return None if text is None else text.encode()

    result = _libc().mount(encoded(source), target.encode(), encoded(kind), flags, encoded(data))
    _check(result, f"mount {target}")


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mount.argtypes = (ctypes.c_char_p,) * 3 + (ctypes.c_ulong, ctypes.c_char_p)
    return libc
