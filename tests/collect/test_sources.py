"""Where submissions lie: a folder that may hold traps, or one bulk archive that may be a trap."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.collect import sources
from grader.collect.archive import Caps
from grader.collect.names import Refused
from grader.collect.sources import Offer, find_offers
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.files import zip_bytes
from tests.collect.crafting import LINK, Entry, craft


def offers(source: Path) -> tuple[dict[str, bytes | str], list[str]]:
    """What each offer holds, or why it cannot be read; and the findings."""
    diagnostics = Diagnostics()
    found = {offer.name: _read(offer) for offer in find_offers(source, UTC, diagnostics)}
    return found, [str(finding) for finding in diagnostics.findings]


def _read(offer: Offer) -> bytes | str:
    try:
        return offer.read(100).content
    except Refused as error:
        return error.what


def test_walks_a_folder_in_order(tmp_path: Path) -> None:
    for name in ("b.zip", "ada/x.py", "ada/topic/y.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found, findings = offers(tmp_path)
    assert list(found.items()) == [(name, name.encode()) for name in ("ada/topic/y.py", "ada/x.py", "b.zip")]
    assert findings == []


def test_walks_around_traps_in_a_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("secret")
    inbox = tmp_path / "inbox"
    (inbox / "ada" / "topic" / "deeper").mkdir(parents=True)
    (inbox / "eve").symlink_to(outside)
    (inbox / "link.zip").symlink_to(outside / "secret.py")
    os.mkfifo(inbox / "pipe.zip")
    (inbox / "a\x1b[31m.zip").write_text("")
    (inbox / "back\\slash.zip").write_text("")
    (inbox / ".gitkeep").write_text("")
    (inbox / "__MACOSX").mkdir()
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff.zip")).write_text("")
    (inbox / "good.zip").write_text("ok")
    found, findings = offers(inbox)
    assert found == {"good.zip": b"ok"}
    assert findings == [
        ".gitkeep: info: ignored: a hidden file",
        "a\\x1b[31m.zip: error: refused: 'a\\x1b[31m.zip' has control characters in its name",
        "ada/topic/deeper: error: refused: the folder lies too deep; expected STUDENT/TOPIC/FILE at most",
        "back\\slash.zip: error: refused: 'back\\\\slash.zip' has a backslash in its name",
        "eve: error: refused: this is a symbolic link; links are not followed",
        "link.zip: error: refused: this is a symbolic link; links are not followed",
        "pipe.zip: error: refused: this is not a regular file",
        "\\udcff.zip: error: refused: '\\udcff.zip' has control characters in its name",
    ]


def test_a_link_put_there_after_the_look_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "x.py").write_text("secret")
    inbox = tmp_path / "inbox"
    (inbox / "ada").mkdir(parents=True)
    (inbox / "ada" / "x.py").write_text("honest")
    offer = next(iter(rest := find_offers(inbox, UTC, Diagnostics())))
    (inbox / "ada").rename(inbox / "gone")
    (inbox / "ada").symlink_to(secret)
    with pytest.raises(Refused, match="cannot be read: Not a directory"):
        offer.read(100)
    rest.close()


def test_a_folder_that_may_not_be_entered_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ada").mkdir()
    real = os.open

    def refuse(path: str, flags: int, *args: int, dir_fd: int | None = None) -> int:
        if path == "ada":
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *args, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)  # root, who runs CI, may enter everything
    assert offers(tmp_path) == ({}, ["ada: error: cannot be read: Permission denied"])


def test_a_folder_has_a_cap_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "BULK", Caps(archive_bytes=1, members=2, file_bytes=1, total_bytes=1))
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_text("")
    assert len(offers(tmp_path)[0]) == 2
    (tmp_path / "c.zip").write_text("")
    with pytest.raises(InputError, match="more than 2 files"):
        offers(tmp_path)


def test_reads_a_bulk_archive_without_extracting_it(tmp_path: Path) -> None:
    bulk = tmp_path / "bulk.zip"
    bulk.write_bytes(
        craft(
            Entry("ada/"),
            Entry("ada/x.py", b"x = 1", stamp=((2026 - 1980) << 9 | 1 << 5 | 2, 0)),
            Entry("../evil.py", b""),
            Entry("eve/link.py", b"/etc/passwd", mode=LINK),
            Entry("max/long.py", b"#" * 101),
            Entry("__MACOSX/ada/._x.py", b""),
        )
    )
    found, findings = offers(bulk)
    assert found == {
        "ada/x.py": b"x = 1",
        "eve/link.py": "'eve/link.py' is not a regular file (a link or a device)",
        "max/long.py": "the file has more than 100 bytes",
    }
    assert findings == ["../evil.py: error: refused: '../evil.py' leads out of its folder"]
    assert os.listdir(tmp_path) == ["bulk.zip"]
    first = next(find_offers(bulk, UTC, Diagnostics())).read(100)
    assert first.modified == datetime(2026, 1, 2, tzinfo=UTC)


def test_one_submission_may_be_given_instead_of_many(tmp_path: Path) -> None:
    one = tmp_path / "norm_layers-ada.zip"
    one.write_bytes(zip_bytes({"manifest.json": b"", "a.py": b""}))
    found, _ = offers(one)
    assert list(found) == ["norm_layers-ada.zip"]


def test_a_source_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bulk.zip"
    path.write_bytes(b"Rar!")
    with pytest.raises(InputError) as caught:
        offers(path)
    assert str(caught.value) == f"{path}: not a zip archive\n  Expected a zip archive of submissions."


def test_a_source_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere: there is no such folder or zip archive"):
        offers(tmp_path / "nowhere")
