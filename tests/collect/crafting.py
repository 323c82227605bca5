"""Makes zip archives byte by byte, so that they can lie about anything."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import Any

from grader.model.assignment import Assignment, Text

REGULAR, LINK, DEVICE = 0o100644, 0o120777, 0o020666


def assignment(slug: str = "norm_layers", *files: str) -> Assignment:
    return Assignment(
        slug=slug, title=Text(en=slug, zh=slug), note=6, points=1, files=files or (f"{slug}.py",)
    )


TOPICS = {slug: assignment(slug) for slug in ("norm_layers", "beam_search")}


@dataclass
class Entry:
    """One member; `central` and `local` override what the two headers say."""

    name: str | bytes
    content: bytes = b""
    method: int = 8
    flags: int = 0x800
    mode: int = REGULAR
    extra: bytes = b""
    stamp: tuple[int, int] = (0x21, 0)
    packed: bytes | None = None
    central: dict[str, Any] | None = None
    local: dict[str, Any] | None = None


def deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def craft(*entries: Entry, comment: bytes = b"", **end: int) -> bytes:
    """An archive of `entries`; keywords override the end record (count, here, length, directory, disk)."""
    body, directory = b"", b""
    for entry in entries:
        raw = entry.name.encode() if isinstance(entry.name, str) else entry.name
        packed = entry.packed
        if packed is None:
            packed = deflate(entry.content) if entry.method == 8 else entry.content
        said = {"raw": raw, "flags": entry.flags, "method": entry.method, "crc": zlib.crc32(entry.content),
                "packed": len(packed), "size": len(entry.content), "offset": len(body),
                "magic": b"PK\x01\x02", "disk": 0}  # fmt: skip
        told, here = said | (entry.central or {}), said | {"magic": b"PK\x03\x04"} | (entry.local or {})
        date, time = entry.stamp
        directory += struct.pack(
            "<4s6H3L5H2L", told["magic"], 0x314, 20, told["flags"], told["method"], time, date, told["crc"],
            told["packed"], told["size"], len(told["raw"]), len(entry.extra), 0, told["disk"], 0,
            entry.mode << 16, told["offset"],
        )  # fmt: skip
        directory += told["raw"] + entry.extra
        body += struct.pack(
            "<4s5H3L2H", here["magic"], 20, here["flags"], here["method"], time, date, here["crc"],
            here["packed"], here["size"], len(here["raw"]), 0,
        )  # fmt: skip
        body += here["raw"] + packed
    fields = {"disk": 0, "first": 0, "here": len(entries), "count": len(entries),
              "length": len(directory), "directory": len(body)} | end  # fmt: skip
    if "count" in end and "here" not in end:
        fields["here"] = end["count"]
    return body + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", *fields.values(), len(comment)) + comment
