"""What a zip archive says about itself, read strictly.

    [local header | name | extra | data] ...  [central header | name | extra | comment] ...  [end | comment]
     ^ offset                      ^ start     ^ directory, what we list                      ^ end

`zipfile` is made to read what it can; this reader is made to refuse what is odd. Both places that describe a
member must agree, members may not overlap, and nothing may hide between the directory and the end. Nothing is
unpacked here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from grader.collect.names import Refused

_END, _CENTRAL, _LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
_MAX_COMMENT = 1024
_TIMESTAMP_FIELD = 0x5455  # Info-ZIP's extended timestamp: seconds since 1970, UTC
_SIZES_FOLLOW, _UTF8 = 0x0008, 0x0800
ENCRYPTED = 0x0001 | 0x0040 | 0x2000  # traditional, strong, masked headers
PATCHED = 0x0020


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entry of the directory, as the archive describes it. `start` is where its packed bytes begin."""

    name: str
    flags: int
    method: int
    stamp: tuple[int, int]  # date and time, DOS style, without a zone
    crc: int
    packed: int
    size: int
    mode: int
    offset: int
    start: int
    extra: bytes

    def modified(self, zone: tzinfo) -> datetime:
        """When the file was last changed, in UTC; a stamp without a zone is read as one of `zone`."""
        seconds = _extended_timestamp(self.extra)
        if seconds is not None:
            return datetime.fromtimestamp(seconds, UTC)
        date, time = self.stamp
        try:
            naive = datetime(
                1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, (time & 31) * 2
            )
            return naive.replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            return datetime(1980, 1, 1, tzinfo=UTC)


def list_members(data: bytes, most: int) -> tuple[Member, ...]:
    """All entries in the directory's order. Raises Refused for more than `most` or a broken structure."""
    end, directory, count = _find_end(data)
    if count > most:
        raise Refused(f"the archive has {count} entries, more than {most}")
    members, at = [], directory
    for _ in range(count):
        member, at = _read_entry(data, at, end)
        members.append(member)
    if at != end:
        raise Refused("the archive's directory has not the length that it announces")
    _refuse_overlaps(members, directory)
    return tuple(members)


def _find_end(data: bytes) -> tuple[int, int, int]:
    """Where the end record is, where the directory begins, and how many entries it has."""
    if data[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise Refused("not a zip archive")
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or end + _END.size > len(data):
        raise Refused("the zip archive is cut off: its end is missing")
    _, disk, first, here, count, length, directory, comment = _END.unpack_from(data, end)
    if comment > _MAX_COMMENT:
        raise Refused(f"the archive carries a comment of {comment} bytes")
    if len(data) != end + _END.size + comment:
        raise Refused("the archive has bytes after its end")
    if disk or first or here != count:
        raise Refused("the archive is one part of several")
    if directory + length != end:
        raise Refused("the archive's directory is not where the archive says it is")
    return end, directory, count


def _read_entry(data: bytes, at: int, end: int) -> tuple[Member, int]:
    """The entry of the directory at `at`, checked against its local header, and where the next one is."""
    if at + _CENTRAL.size > end:
        raise Refused("the archive's directory is cut off")
    (magic, _, _, flags, method, time, date, crc, packed, size, name_length, extra_length, comment_length,
     disk, _, attributes, offset) = _CENTRAL.unpack_from(data, at)  # fmt: skip
    names = at + _CENTRAL.size
    extras = names + name_length
    following = extras + extra_length + comment_length
    if magic != b"PK\x01\x02" or disk or following > end:
        raise Refused("the archive's directory is broken")
    raw = data[names:extras]
    start = _check_local(data, offset, raw, (flags, method, crc, packed, size), end)
    name = raw.decode("utf-8", "surrogateescape") if flags & _UTF8 else raw.decode("cp437")
    member = Member(
        name=name, flags=flags, method=method, stamp=(date, time), crc=crc, packed=packed, size=size,
        mode=attributes >> 16, offset=offset, start=start, extra=data[extras : extras + extra_length],
    )  # fmt: skip
    return member, following


def _check_local(data: bytes, offset: int, raw: bytes, told: tuple[int, int, int, int, int], end: int) -> int:
    """Where the packed bytes begin. Raises Refused when the local header tells another story than `told`."""
    flags, method, crc, packed, size = told
    if offset + _LOCAL.size > end:
        raise Refused(f"{raw[:80]!a} lies outside the archive")
    magic, _, local_flags, local_method, _, _, *sums, name_length, extra_length = _LOCAL.unpack_from(
        data, offset
    )
    name_at = offset + _LOCAL.size
    same = local_method == method and data[name_at : name_at + name_length] == raw
    same = same and local_flags & ENCRYPTED == flags & ENCRYPTED
    same = same and (bool(local_flags & _SIZES_FOLLOW) or sums == [crc, packed, size])
    if magic != b"PK\x03\x04" or not same:
        raise Refused(f"the archive describes {raw[:80]!a} in two ways that do not agree")
    return int(name_at + name_length + extra_length)


def _refuse_overlaps(members: list[Member], directory: int) -> None:
    free = 0
    for member in sorted(members, key=lambda member: member.offset):
        if member.offset < free or member.start + member.packed > directory:
            raise Refused(f"{member.name[:80]!a} shares its bytes with another part of the archive")
        free = member.start + member.packed


def _extended_timestamp(extra: bytes) -> int | None:
    for tag, body in _extra_fields(extra):
        if tag == _TIMESTAMP_FIELD and len(body) >= 5 and body[0] & 1:
            return int.from_bytes(body[1:5], "little", signed=True)
    return None


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        yield tag, extra[at + 4 : at + 4 + length]
        at += 4 + length
