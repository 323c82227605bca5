"""Where submissions lie: a folder or one bulk archive. Both become a row of offers, read when asked for.

A bulk archive is read in memory and never extracted; a folder is walked by open descriptors, so that no link
put in the way at the wrong moment leads elsewhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path

from grader.collect.archive import BULK, Archive
from grader.collect.names import MANIFEST, Refused, check_member, is_noise
from grader.collect.regular import RegularFile, check_regular, read_regular
from grader.collect.zipformat import Member
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.files import visible

_DEEPEST = 3  # student / topic / file
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One file that may be a submission: where it lies in the source, and how to read up to n bytes of it."""

    parts: tuple[str, ...]
    read: Callable[[int], RegularFile]

    @property
    def name(self) -> str:
        """For people."""
        return visible("/".join(self.parts))


def find_offers(source: Path, zone: tzinfo, diagnostics: Diagnostics) -> Iterator[Offer]:
    """Every file in `source`; what cannot be one is reported. Raises InputError when there is no source."""
    if source.is_dir():
        yield from _folder_offers(source, diagnostics)
    elif source.exists():
        yield from _archive_offers(source, zone, diagnostics)
    else:
        raise InputError("there is no such folder or zip archive", path=source)


def _archive_offers(source: Path, zone: tzinfo, diagnostics: Diagnostics) -> Iterator[Offer]:
    try:
        whole = read_regular(source.resolve(), BULK.archive_bytes)
        archive = Archive(whole.content, BULK)
    except Refused as error:
        raise Refused(error.what, path=source, hint="Expected a zip archive of submissions.") from None
    if any(member.name == MANIFEST for member in archive.members):
        yield Offer(parts=(source.name,), read=lambda most: _capped(whole, most))  # one submission, not many
        return
    for member in archive.members:
        if not member.name.endswith("/") and _is_wanted(member.name, diagnostics):
            yield Offer(
                parts=tuple(member.name.split("/")), read=partial(_read_member, archive, member, zone)
            )


def _read_member(archive: Archive, member: Member, zone: tzinfo, most: int) -> RegularFile:
    return _capped(RegularFile(content=archive.read(member), modified=member.modified(zone)), most)


def _capped(file: RegularFile, most: int) -> RegularFile:
    if len(file.content) > most:
        raise Refused(f"the file has more than {most} bytes")
    return file


def _folder_offers(source: Path, diagnostics: Diagnostics) -> Iterator[Offer]:
    root = os.open(source, os.O_RDONLY)
    try:
        for seen, parts in enumerate(_walk(root, (), diagnostics), start=1):
            if seen > BULK.members:
                raise InputError(f"more than {BULK.members} files", path=source)
            yield Offer(parts=parts, read=partial(_read_beneath, root, parts))
    finally:
        os.close(root)


def _walk(folder: int, above: tuple[str, ...], diagnostics: Diagnostics) -> Iterator[tuple[str, ...]]:
    for entry in sorted(os.listdir(folder)):
        parts = (*above, entry)
        if not _is_wanted("/".join(parts), diagnostics):
            continue
        try:
            status = os.stat(entry, dir_fd=folder, follow_symlinks=False)
            if not stat.S_ISDIR(status.st_mode):
                check_regular(status, "this")
                yield parts
                continue
            if len(parts) >= _DEEPEST:
                raise Refused("the folder lies too deep; expected STUDENT/TOPIC/FILE at most")
            inner = os.open(entry, _FOLDER, dir_fd=folder)
        except Refused as error:
            diagnostics.error(f"refused: {error.what}", path=visible("/".join(parts)))
            continue
        except OSError as error:
            diagnostics.error(f"cannot be read: {error.strerror}", path=visible("/".join(parts)))
            continue
        try:
            yield from _walk(inner, parts, diagnostics)
        finally:
            os.close(inner)


def _read_beneath(root: int, parts: tuple[str, ...], most: int) -> RegularFile:
    """Opens one folder after the other without following links, then the file."""
    folders = [root]
    try:
        for part in parts[:-1]:
            folders.append(os.open(part, _FOLDER, dir_fd=folders[-1]))
        return read_regular(parts[-1], most, folder=folders[-1])
    except OSError as error:
        raise Refused(f"cannot be read: {error.strerror}") from None
    finally:
        for folder in folders[1:]:
            os.close(folder)


def _is_wanted(name: str, diagnostics: Diagnostics) -> bool:
    """False for noise, and for names that cannot be a submission's; the latter are reported."""
    if is_noise(name):
        return False
    try:
        check_member(name)
    except Refused as error:
        diagnostics.error(f"refused: {error.what}", path=visible(name))
        return False
    if name.rsplit("/", 1)[-1].startswith("."):
        diagnostics.info("ignored: a hidden file", path=visible(name))
        return False
    return True
