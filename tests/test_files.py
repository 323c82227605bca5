"""Atomic writes, reproducible archives, and text that cannot act on a terminal."""

from __future__ import annotations

import errno
import io
import os
import stat
import time
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import InputError, MachineError
from grader.files import atomic_write, make_folder, sha256_hex, visible, zip_bytes


def test_write_makes_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    atomic_write(path, "één")
    assert path.read_bytes() == "één".encode()
    atomic_write(path, b"\x00two")
    assert path.read_bytes() == b"\x00two"
    assert list(tmp_path.iterdir()) == [path]


def test_write_keeps_the_mode_of_what_it_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    atomic_write(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_write_replaces_a_link_and_not_what_it_points_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("keep")
    link.symlink_to(target)
    atomic_write(link, "new")
    assert (target.read_text(), link.read_text(), link.is_symlink()) == ("keep", "new", False)


def test_text_that_is_not_unicode_is_spelled_out(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a", "x\ud800")
    assert (tmp_path / "a").read_bytes() == b"x\\ud800"


def test_wrong_destination_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none/a: cannot write: No such file.*\n  Choose a folder"):
        atomic_write(tmp_path / "none" / "a", "x")
    with pytest.raises(InputError, match="cannot write: Is a directory"):
        atomic_write(tmp_path, "x")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_failing_machine_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(MachineError, match="a: cannot write: No space left on device"):
        atomic_write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_archive_is_the_same_whatever_the_order_and_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    first = zip_bytes({"b/x.py": b"1" * 999, "a.md": b"2"})
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2030, 1, 1, 0, 0, 0, 0, 1, 0)))
    assert zip_bytes({"a.md": b"2", "b/x.py": b"1" * 999}) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
        assert archive.read("b/x.py") == b"1" * 999
    assert [entry.filename for entry in entries] == ["a.md", "b/x.py"]
    for entry in entries:
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert (entry.create_system, entry.external_attr >> 16) == (3, 0o100644)
        assert entry.compress_type == zipfile.ZIP_DEFLATED
    assert entries[1].compress_size < 100


@pytest.mark.parametrize("name", ["/etc/x", "../x", "a/../x", "a//x", "./x", "a\\x", "c:x", "a\nb", "", "a/"])
def test_archive_takes_no_name_that_could_leave(name: str) -> None:
    with pytest.raises(InputError, match=r"is not a safe name in an archive\n  Use plain"):
        zip_bytes({name: b""})


def test_sha256() -> None:
    assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, 中文。 é", "plain, 中文。 é"),
        ("\x1b[2J\x07", "\\x1b[2J\\x07"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\u2066x\u2069\u061c", "\\u2066x\\u2069\\u061c"),
        ("a\u200bb\u200d\ufeff\u00ad", "a\\u200bb\\u200d\\ufeff\\xad"),
        ("\u2028\u2029\x85\x9b", "\\u2028\\u2029\\x85\\x9b"),
        ("\U000e0041\ud800\ufe0f\u3164", "\\U000e0041\\ud800\\ufe0f\\u3164"),
    ],
)
def test_acting_and_hiding_characters_are_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_multiline_keeps_line_feeds_and_tabs() -> None:
    assert visible("a\r\n\tb\rc", multiline=True) == "a\n\tb\\x0dc"


def test_limit_counts_characters_of_the_text() -> None:
    assert visible("abcde", 5) == "abcde"
    assert visible("abcdef", 5) == "abcde… [1 more characters]"


@given(st.text(st.characters(), max_size=50), st.booleans())
def test_whatever_comes_in_only_seen_characters_go_out(text: str, multiline: bool) -> None:
    shown = visible(text, multiline=multiline)
    kept = "\n\t" if multiline else ""
    assert all(char in kept or unicodedata.category(char)[0] not in "C" for char in shown)
    assert not {"Zl", "Zp"} & {unicodedata.category(char) for char in shown}


def test_folders_are_made_with_those_above(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b", mode=0o700)
    make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, reason in [(tmp_path / "file", "File exists"), (tmp_path / "file" / "x", "Not a directory")]:
        with pytest.raises(InputError) as caught:
            make_folder(path)
        assert str(caught.value) == (
            f"{path}: cannot make this folder: {reason}\n  Choose a folder that exists and is yours."
        )
