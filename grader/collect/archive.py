"""Reads the members of a hostile zip archive; what counts against a cap is the bytes that really came out."""

from __future__ import annotations

import stat
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from grader.collect.names import Refused, check_member, fold, is_noise
from grader.collect.zipformat import ENCRYPTED, PATCHED, Member, list_members

_STORED, _DEFLATED = 0, 8
_STEP_BYTES = 64 * 1024
_FREE_BYTES = 64 * 1024  # so little is no bomb, however well it was packed


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much one archive may hold. `ratio` is unpacked bytes per packed byte of one member."""

    archive_bytes: int
    members: int
    file_bytes: int
    total_bytes: int
    ratio: int = 200


SUBMISSION = Caps(archive_bytes=8 << 20, members=200, file_bytes=1 << 20, total_bytes=8 << 20)
BULK = Caps(archive_bytes=512 << 20, members=20_000, file_bytes=8 << 20, total_bytes=512 << 20)


class Archive:
    """The members of one archive, noise left out, with a running count of the bytes read."""

    def __init__(self, data: bytes, caps: Caps) -> None:
        """Raises Refused when `data` is no sound zip archive or holds more than `caps` allow."""
        if len(data) > caps.archive_bytes:
            raise Refused(f"the archive has {len(data)} bytes, more than {caps.archive_bytes}")
        self._data, self._caps, self._spent = data, caps, 0
        self.members = tuple(
            member for member in list_members(data, caps.members) if not is_noise(member.name)
        )
        self._names = Counter(fold(member.name.rstrip("/")) for member in self.members)

    def read(self, member: Member, most: int | None = None) -> bytes:
        """The content of `member`. Raises Refused when it is odd, broken, larger than `most` (by default what
        the caps allow a file), or a bomb."""
        self._check(member)
        content = self._unpack(member, self._caps.file_bytes if most is None else most)
        if len(content) != member.size:
            raise Refused(
                f"{member.name!a} unpacks to {len(content)} bytes where {member.size} were announced"
            )
        if zlib.crc32(content) != member.crc:
            raise Refused(f"{member.name!a} is damaged: its checksum is wrong")
        return content

    def _check(self, member: Member) -> None:
        check_member(member.name)
        name = f"{member.name[:80]!a}"
        if member.name.endswith("/"):
            raise Refused(f"{name} is a folder")
        if stat.S_IFMT(member.mode) not in (0, stat.S_IFREG):
            raise Refused(f"{name} is not a regular file (a link or a device)")
        if self._names[fold(member.name)] > 1:
            raise Refused(f"{name} is there twice (names that differ only in case or spelling are the same)")
        if member.flags & ENCRYPTED:
            raise Refused(f"{name} is encrypted")
        if member.method not in (_STORED, _DEFLATED) or member.flags & PATCHED:
            raise Refused(f"{name} is packed by method {member.method}; only stored and deflated are read")

    def _unpack(self, member: Member, most: int) -> bytes:
        caps, content = self._caps, bytearray()
        for piece in self._pieces(member):
            content += piece
            self._spent += len(piece)
            if len(content) > most:
                raise Refused(f"{member.name!a} unpacks to more than {most} bytes")
            if len(content) > _FREE_BYTES + caps.ratio * member.packed:
                raise Refused(f"{member.name!a} unpacks to more than {caps.ratio} times its packed size")
            if self._spent > caps.total_bytes:
                raise Refused(f"the archive unpacks to more than {caps.total_bytes} bytes")
        return bytes(content)

    def _pieces(self, member: Member) -> Iterator[bytes]:
        packed = memoryview(self._data)[member.start : member.start + member.packed]
        chunks = (packed[at : at + _STEP_BYTES] for at in range(0, len(packed), _STEP_BYTES))
        return map(bytes, chunks) if member.method == _STORED else _inflate(chunks, member.name)


def _inflate(chunks: Iterator[memoryview], name: str) -> Iterator[bytes]:
    """Unpacks in steps, so that a bomb is noticed before it has grown."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for chunk in chunks:
            yield inflater.decompress(chunk, _STEP_BYTES)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, _STEP_BYTES)
        while rest := inflater.decompress(b"", _STEP_BYTES):  # zlib may hold back the end of a long match
            yield rest
    except zlib.error as error:
        raise Refused(f"{name!a} is damaged: {error}") from None
    if not inflater.eof or inflater.unused_data:
        raise Refused(f"{name!a} is damaged: its packed data does not end where it should")
