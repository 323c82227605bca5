"""The structure of an archive: what is odd is refused, what honest tools write is read."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grader.collect.names import Refused
from grader.collect.zipformat import list_members
from tests.collect.crafting import Entry, craft

ONE = Entry("a.py", b"x = 1\n")


def test_reads_what_an_honest_tool_writes() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.py", "x = 1\n")
        archive.writestr("ü.py", "y = 2\n")
    assert [member.name for member in list_members(buffer.getvalue(), 2)] == ["a.py", "ü.py"]


def test_reads_a_streamed_archive_whose_sizes_follow_the_data() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(_Unseekable(buffer), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.py", "x = 1\n")
    assert [member.size for member in list_members(buffer.getvalue(), 1)] == [6]


class _Unseekable(io.RawIOBase):
    def __init__(self, inner: io.BytesIO) -> None:
        self._inner = inner

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data: Any) -> int:
        return self._inner.write(data)


def test_an_empty_archive_has_no_members() -> None:
    assert list_members(craft(), 0) == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a zip archive"),
        (b"#!/bin/sh\n" + craft(ONE), "not a zip archive"),
        (craft(ONE)[:-30], "its end is missing"),
        (craft(ONE)[:-1], "its end is missing"),
        (craft(ONE, comment=b"c" * 1025), "carries a comment of 1025 bytes"),
        (craft(ONE) + b"more", "bytes after its end"),
        (craft(ONE, disk=1), "one part of several"),
        (craft(ONE, here=0), "one part of several"),
        (craft(ONE, directory=0), "directory is not where the archive says"),
        (craft(ONE, length=1), "directory is not where the archive says"),
        (craft(ONE, ONE, count=1), "has not the length that it announces"),
        (craft(ONE, count=3), "directory is cut off"),
        (craft(Entry("a.py", central={"magic": b"PK\x01\x03"})), "directory is broken"),
        (craft(Entry("a.py", central={"disk": 1})), "directory is broken"),
        (craft(Entry("a.py", central={"offset": 10_000})), "'a.py' lies outside the archive"),
        (craft(ONE, Entry("b.py", local={"magic": b"PKxx"})), "in two ways that do not agree"),
        (craft(Entry("a.py", local={"raw": b"b.py"})), "describes b'a.py' in two ways that do not agree"),
        (craft(Entry("a.py", local={"method": 0})), "in two ways that do not agree"),
        (craft(Entry("a.py", local={"flags": 0x801})), "in two ways that do not agree"),
        (craft(Entry("a.py", b"12", local={"size": 3})), "in two ways that do not agree"),
        (craft(Entry("a.py", b"12", local={"crc": 3})), "in two ways that do not agree"),
        (craft(Entry("a.py", b"12", local={"packed": 99}, central={"packed": 99})), "shares its bytes"),
    ],
)
def test_refuses_an_odd_structure(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        list_members(data, 3)
    assert reason in str(caught.value)


def test_refuses_two_entries_for_the_same_bytes() -> None:
    with pytest.raises(Refused, match=r"'a\.py' shares its bytes with another part of the archive"):
        list_members(craft(ONE, Entry("a.py", b"x = 1\n", central={"offset": 0})), 3)


def test_refuses_more_entries_than_the_cap_and_takes_as_many() -> None:
    assert len(list_members(craft(ONE, Entry("b.py")), 2)) == 2
    with pytest.raises(Refused, match="the archive has 2 entries, more than 1"):
        list_members(craft(ONE, Entry("b.py")), 1)


def test_takes_a_comment_of_the_size_that_tools_write() -> None:
    assert len(list_members(craft(ONE, comment=b"c" * 1024), 1)) == 1


def _member(**fields: Any) -> Any:
    return list_members(craft(Entry("a.py", **fields)), 1)[0]


def test_a_stamp_without_a_zone_is_read_in_the_zone_given() -> None:
    stamp = ((2026 - 1980) << 9 | 7 << 5 | 1, 12 << 11 | 30 << 5 | 2)
    assert _member(stamp=stamp).modified(UTC) == datetime(2026, 7, 1, 12, 30, 4, tzinfo=UTC)
    berlin = _member(stamp=stamp).modified(ZoneInfo("Europe/Berlin"))
    assert berlin == datetime(2026, 7, 1, 10, 30, 4, tzinfo=UTC)
    assert berlin.tzinfo is UTC


def test_the_extended_time_stamp_goes_before_the_stamp_without_a_zone() -> None:
    extra = struct.pack("<HHI", 0x7875, 4, 0) + struct.pack("<HHBi", 0x5455, 5, 1, 1_800_000_000)
    assert _member(extra=extra).modified(UTC) == datetime.fromtimestamp(1_800_000_000, UTC)


@pytest.mark.parametrize("stamp", [(0, 0), (0xFFFF, 0xFFFF), (15 << 5 | 31, 0)])
def test_an_impossible_stamp_is_the_oldest(stamp: tuple[int, int]) -> None:
    assert _member(stamp=stamp, extra=b"\x55\x54\xff").modified(UTC) == datetime(1980, 1, 1, tzinfo=UTC)


def test_a_name_that_is_not_utf8_stays_distinguishable() -> None:
    member = list_members(craft(Entry(b"\xff.py")), 1)[0]
    assert member.name.encode("utf-8", "surrogateescape") == b"\xff.py"
