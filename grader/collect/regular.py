"""Reads a regular file and nothing else: no link is followed, no pipe waited for, no device touched."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.collect.names import Refused

# Windows has neither links to refuse this way nor pipes in folders; there it must not translate line ends.
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegularFile:
    """What was in the file, and when it was last changed (UTC)."""

    content: bytes
    modified: datetime


def read_regular(path: Path | str, most: int, *, folder: int | None = None) -> RegularFile:
    """The file at `path` (below the open directory `folder`), of at most `most` bytes.

    Raises Refused when it is missing, anything but a regular file, larger, or not readable.
    """
    name = f"{os.path.basename(path)[:80]!a}"
    try:
        check_regular(os.stat(path, dir_fd=folder, follow_symlinks=False), name)
        descriptor = os.open(path, _FLAGS, dir_fd=folder)
    except OSError as error:
        raise Refused(f"{name} cannot be read: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        check_regular(status, name)
        content = stream.read(most + 1) if status.st_size <= most else None
    if content is None or len(content) > most:
        raise Refused(f"{name} has more than {most} bytes")
    return RegularFile(content=content, modified=datetime.fromtimestamp(status.st_mtime, UTC))


def check_regular(status: os.stat_result, name: str) -> None:
    """Raises Refused unless `status` (not following links) is that of a regular file."""
    if stat.S_ISLNK(status.st_mode):
        raise Refused(f"{name} is a symbolic link; links are not followed")
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{name} is not a regular file")
