"""What each version of Landlock is asked for, and how its errors read."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import landlock


@pytest.mark.parametrize(
    ("version", "fs_bits", "net", "scopes", "size"),
    [
        (1, 13, 0, 0, 8),
        (2, 14, 0, 0, 8),
        (3, 15, 0, 0, 8),
        (4, 15, 0b11, 0, 16),
        (5, 16, 0b11, 0, 16),
        (6, 16, 0b11, 0b11, 24),
        (9, 16, 0b11, 0b11, 24),
    ],
)
def test_an_old_kernel_is_asked_for_what_it_knows(
    monkeypatch: pytest.MonkeyPatch, version: int, fs_bits: int, net: int, scopes: int, size: int
) -> None:
    """Everything it can handle, and nothing that it would refuse."""
    asked: list[Any] = []

    def record(number: int, *args: Any) -> int:
        asked.append((number, args))
        return 99

    monkeypatch.setattr(landlock, "abi", lambda: version)
    monkeypatch.setattr(landlock, "_syscall", record)
    assert landlock.create_ruleset([], []) == 99
    ((number, (pointer, given_size, flags)),) = asked
    attr = pointer._obj
    assert number == landlock._CREATE_RULESET
    assert (attr.fs, attr.net, attr.scoped) == (2**fs_bits - 1, net, scopes)
    assert (given_size.value, flags.value) == (size, 0)


def test_paths_and_devices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder may be read and listed, a file read, a device read and written."""
    (tmp_path / "file").touch()
    access: list[int] = []

    def record(number: int, *args: Any) -> int:
        if number == landlock._ADD_RULE:
            access.append(args[2]._obj.access)
        return 99

    monkeypatch.setattr(landlock, "_syscall", record)
    landlock.create_ruleset([tmp_path, tmp_path / "file"], ["/dev/null"])
    read, listing, write = landlock.READ_FILE, landlock.READ_DIR, landlock.WRITE_FILE
    assert access == [read | listing, read, read | write]


def test_a_refused_call_says_why() -> None:
    """The kernel's words, with our name before them."""
    with pytest.raises(OSError, match=r"^\[Errno \d+\] landlock: Bad file descriptor$"):
        landlock._allow(-1, Path("/usr"), landlock.READ_FILE)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    """Refused before the kernel is asked: a rule that silently misses would lock too much."""
    with pytest.raises(FileNotFoundError):
        landlock._allow(-1, tmp_path / "nothing", landlock.READ_FILE)


def test_no_landlock_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Version 0 on another system, and where the kernel does not know the call."""
    assert landlock.abi() > 0
    monkeypatch.setattr(landlock, "_syscall", raise_enosys)
    assert landlock.abi() == 0
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.abi() == 0


def raise_enosys(*_: object) -> int:
    """An older kernel."""
    raise OSError(38, "landlock: Function not implemented")


def test_the_kernel_s_layout() -> None:
    """The structures are what the kernel expects, to the byte."""
    assert ctypes.sizeof(landlock._RulesetAttr) == 24
    assert ctypes.sizeof(landlock._PathBeneathAttr) == 12
