"""From root to nobody, where that is possible."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from grader.sandbox import privileges


class Calls:
    """Records what `os` is asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, uid: int) -> None:
        self.made: list[tuple[Any, ...]] = []
        monkeypatch.setattr(os, "geteuid", lambda: uid)
        for name in ("setgroups", "setresgid", "setresuid"):
            monkeypatch.setattr(os, name, lambda *args, name=name: self.made.append((name, *args)))


def test_an_ordinary_user_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing to give up."""
    calls = Calls(monkeypatch, uid=1000)
    assert privileges.drop_root([Path("/usr")]) == ""
    assert calls.made == []


def test_root_becomes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups first, while it is still allowed; the user last."""
    calls = Calls(monkeypatch, uid=0)
    assert privileges.drop_root([Path("/usr"), Path("/usr/lib")]) == "nobody"
    nobody = privileges.NOBODY
    assert calls.made == [
        ("setgroups", []),
        ("setresgid", nobody, nobody, nobody),
        ("setresuid", nobody, nobody, nobody),
    ]


def test_root_stays_where_nobody_could_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment under /root, say: root without capabilities can still read it, nobody could not."""
    closed = tmp_path / "closed"
    (closed / "lib").mkdir(parents=True)
    closed.chmod(0o700)
    calls = Calls(monkeypatch, uid=0)
    assert privileges.drop_root([Path("/usr"), closed / "lib"]) == "no capabilities"
    assert calls.made == []


def test_a_path_that_cannot_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken for closed."""

    def refuse(self: Path, strict: bool = False) -> Path:
        raise PermissionError

    monkeypatch.setattr(Path, "resolve", refuse)
    Calls(monkeypatch, uid=0)
    assert privileges.drop_root([Path("/usr")]) == "no capabilities"


def test_no_new_privs_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there must be no student code: an OSError."""

    class Libc:
        def prctl(self, *_: int) -> int:
            return -1

    monkeypatch.setattr(privileges, "_libc", Libc())
    with pytest.raises(OSError, match="no_new_privs is refused"):
        privileges.set_no_new_privs()
