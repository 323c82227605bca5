"""One inbox of hostile archives among honest ones: each is refused with its reason, the honest are taken.

Each kind in detail stands in `test_archive`, `test_zipformat` and `test_unpack`; here they come together, as
they would, and nothing may be written, grow, or keep the others from being read.
"""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from grader.collect.archive import SUBMISSION
from grader.collect.inbox import collect
from grader.diagnostics import Diagnostics
from grader.files import zip_bytes
from tests.collect.crafting import DEVICE, LINK, TOPICS, Entry, craft, deflate

MODULE = Entry("norm_layers.py", b"x = 1\n")
HUGE = craft(MODULE, *(Entry(f"h{number}.py", bytes(2**20)) for number in range(9)))


def one_more(name: str | bytes, content: bytes = b"", **fields: object) -> bytes:
    """A sound module, and an entry that is not."""
    return craft(MODULE, Entry(name, content, **fields))  # type: ignore[arg-type]  # whatever an entry takes


def bomb(unpacked: int, **told: int) -> bytes:
    """A few kilobytes that become `unpacked` bytes; the headers say what they like."""
    return craft(Entry("norm_layers.py", packed=deflate(bytes(unpacked)), central=told, local=told))


# Kind -> (archive, a part of the reason). Class 8 of the threat model.
HOSTILE: dict[str, tuple[bytes, str]] = {
    "slip": (one_more("../../.ssh/authorized_keys"), "leads out of its folder"),
    "slip-inside": (one_more("norm_layers/../../x.py"), "leads out of its folder"),
    "slip-windows": (one_more("..\\..\\x.py"), "has a backslash in its name"),
    "absolute": (one_more("/etc/cron.d/x"), "is an absolute path"),
    "drive": (one_more("C:/x.py"), "is an absolute path"),
    "link": (one_more("helper.py", b"/etc/passwd", mode=LINK), "not a regular file"),
    "link-folder": (one_more("helper.py", b"..", mode=LINK), "not a regular file"),
    "device": (one_more("helper.py", mode=DEVICE), "not a regular file"),
    "pipe": (one_more("helper.py", mode=0o010644), "not a regular file"),
    "bomb": (bomb(32 << 20), "unpacks to more than 1048576 bytes"),
    "bomb-ratio": (bomb(900_000), "times its packed size"),
    "bomb-that-lies": (bomb(32 << 20, size=6, crc=0), "unpacks to more than 1048576 bytes"),
    "bomb-in-small-parts": (HUGE, "times its packed size"),
    "bomb-unpacked": (
        craft(MODULE, *(Entry(f"h{n}.py", os.urandom(2**20), 0) for n in range(8))),
        "has more than 8388608 bytes",
    ),
    "one-large-file": (one_more("h.py", b"#" * (2**20 + 1), method=0), "unpacks to more than 1048576 bytes"),
    "count": (craft(MODULE, *(Entry(f"h{n}.py") for n in range(SUBMISSION.members))), "has 201 entries"),
    "count-of-helpers": (craft(MODULE, *(Entry(f"h{n}.py") for n in range(21))), "21 helper files"),
    "count-that-lies": (craft(MODULE, count=60_000), "has 60000 entries"),
    "overlap": (craft(MODULE, Entry("h.py", b"x", central={"offset": 0})), "two ways that do not agree"),
    "overlap-same": (craft(MODULE, Entry("norm_layers.py", central={"offset": 0})), "in two ways"),
    "overlap-quoted": (one_more("h.py", central={"packed": 999}, local={"packed": 999}), "shares its bytes"),
    "directory-of-names": (one_more("n" * 60_000), "a file name of 60000 characters"),
    "directory-elsewhere": (craft(MODULE, directory=0), "directory is not where the archive says"),
    "zip64": (one_more("h.py", central={"size": 2**32 - 1}, local={"size": 2**32 - 1}), "unpacks to 0 bytes"),
    "twice": (craft(MODULE, Entry("norm_layers.py", b"x = 2\n")), "is there twice"),
    "twice-by-case": (craft(MODULE, Entry("Norm_Layers.py")), "is there twice"),
    "twice-by-spelling": (craft(MODULE, Entry("norm_layers.py".replace("s", "ſ", 1))), "is there twice"),
    "odd-control": (one_more("h\x1b[2J.py"), "has control characters in its name"),
    "odd-turned": (one_more("h\u202eyp.x.py"), "was not asked for"),
    "odd-empty": (one_more(""), "a file name of 0 characters"),
    "odd-reserved": (one_more("CON"), "was not asked for"),
    "not-utf8": (one_more(b"\xff\xfe.py"), "has control characters in its name"),
    "encrypted": (one_more("h.py", b"x", flags=0x801), "is encrypted"),
    "encrypted-strongly": (one_more("h.py", b"x", flags=0x841), "is encrypted"),
    "another-method": (one_more("h.py", b"x", method=14), "packed by method 14"),
    "wrong-sum": (one_more("h.py", b"x", central={"crc": 1}, local={"crc": 1}), "its checksum is wrong"),
    "cut-off": (craft(MODULE)[:-9], "cut off"),
    "more-behind": (craft(MODULE) + b"#!/bin/sh", "bytes after its end"),
    "long-comment": (craft(MODULE, comment=b"c" * 60_000), "a comment of 60000 bytes"),
    "nested": (one_more("inner.zip", zip_bytes({"norm_layers.py": b""})), "'inner.zip' was not asked for"),
    "nested-tar": (one_more("inner.tar.gz", b"\x1f\x8b"), "'inner.tar.gz' was not asked for"),
    "notebook": (one_more("norm_layers.ipynb", b"{}"), "both 'norm_layers.py' and"),
    "notebook-that-is-none": (craft(Entry("norm_layers.ipynb", b"[]")), "the notebook has no list of cells"),
    "notebook-bomb": (
        craft(Entry("norm_layers.ipynb", b" " * (9 << 20))), "times its packed size"
    ),
    "a-tar": (b"\x1f\x8b\x08" + bytes(600), "not a zip archive"),
    "nothing": (b"", "not a zip archive"),
}  # fmt: skip
HONEST = [f"ada{number:02}" for number in range(len(HOSTILE))]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Every hostile archive with an honest one before and after it."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for kind, (data, _) in HOSTILE.items():
        (folder / f"norm_layers-{kind}.zip").write_bytes(data)
    for student in HONEST:
        (folder / f"norm_layers-{student}.zip").write_bytes(craft(MODULE))
    return folder


def test_each_has_its_reason_and_the_rest_goes_on(inbox: Path) -> None:
    """By a folder, as submissions usually come; nothing is unpacked to anywhere, and memory stays small."""
    diagnostics, before = Diagnostics(), sorted(inbox.parent.rglob("*"))
    tracemalloc.start()
    try:
        taken = collect(inbox, TOPICS, diagnostics, zone=ZoneInfo("UTC"))
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    assert [one.student for one in taken] == HONEST
    refused = {finding.path: str(finding) for finding in diagnostics.findings}
    assert len(refused) == len(diagnostics.findings) == len(HOSTILE)
    told = {kind: refused[f"norm_layers-{kind}.zip"] for kind in HOSTILE}
    assert [told[kind] for kind, (_, reason) in HOSTILE.items() if reason not in told[kind]] == []
    assert sorted(inbox.parent.rglob("*")) == before


def test_the_same_in_one_bulk_archive(inbox: Path, tmp_path: Path) -> None:
    """As a learning platform hands them out: archives within an archive."""
    bulk = tmp_path / "all.zip"
    files = {path.name: path.read_bytes() for path in inbox.iterdir()}
    bulk.write_bytes(craft(*(Entry(name, data, 0) for name, data in sorted(files.items()))))
    diagnostics = Diagnostics()
    taken = collect(bulk, TOPICS, diagnostics, zone=ZoneInfo("UTC"))
    assert [one.student for one in taken] == HONEST
    assert len(diagnostics.findings) == len(HOSTILE)
