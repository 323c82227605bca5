"""Files written whole or not at all, archives with reproducible bytes, and text that is safe to show."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import secrets
import unicodedata
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.errors import InputError, MachineError

# A wrong destination is the user's to correct; all else (disk full, input/output error) is the machine's.
_WRONG_DESTINATION = {
    errno.EACCES,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip file can hold
_UNIX = 3
_REGULAR_FILE_0644 = 0o100644 << 16

# Printable for Unicode, but nothing a reader would see: fillers, joiners, variation selectors.
_UNSEEN = frozenset(
    chr(point)
    for first, last in [
        (0x034F, 0x034F),
        (0x115F, 0x1160),
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),
        (0x2800, 0x2800),
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    ]
    for point in range(first, last + 1)
)


def atomic_write(path: Path, data: bytes | str) -> None:
    """Write `data` (text as UTF-8) so that `path` holds the old content or the new one, never a part of it.

    Raises InputError for a destination that cannot be written, MachineError when the machine fails.
    """
    payload = data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data
    temporary = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        _write_synced(temporary, payload, _mode_of(path))
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        reason = f"cannot write: {error.strerror or error}"
        if error.errno in _WRONG_DESTINATION:
            raise InputError(reason, path=path, hint="Choose a folder that exists and is yours.") from error
        raise MachineError(f"{path}: {reason}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def make_folder(folder: Path, *, mode: int = 0o777) -> None:
    """Make a folder, with those above it, unless it is there. Raises InputError where that cannot be."""
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        reason = f"cannot make this folder: {error.strerror or error}"
        raise InputError(reason, path=folder, hint="Choose a folder that exists and is yours.") from error


def _mode_of(path: Path) -> int | None:
    with contextlib.suppress(OSError):
        return path.lstat().st_mode & 0o777 if not path.is_symlink() else None
    return None


def _write_synced(path: Path, payload: bytes, mode: int | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as stream:
        if mode is not None:
            os.chmod(path, mode)
        stream.write(payload)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut. Not every system can; the content is safe either way."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of `files` (name with "/" -> content): same input, same bytes (for one version of zlib).

    Raises InputError for a name that could leave the folder it is unpacked in.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            archive.writestr(_entry(name), files[name], zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    parts = name.split("/")
    if (
        not name.isprintable()
        or "\\" in name
        or ":" in name
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise InputError(
            f"{visible(name)!r} is not a safe name in an archive", hint="Use plain relative names."
        )
    entry = zipfile.ZipInfo(name, date_time=_EPOCH)
    entry.create_system = _UNIX
    entry.external_attr = _REGULAR_FILE_0644
    return entry


def sha256_hex(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def visible(text: str, limit: int = 200, *, multiline: bool = False) -> str:
    r"""Untrusted text, safe on a terminal: what would act or hide is spelled out, as in `\x1b` or `\u202e`.

    Escapes are written for control characters, bidirectional overrides, zero-width and unassigned characters.
    At most `limit` characters of `text` are shown. With `multiline`, line feeds and tabs stay what they are.
    """
    shown = text[:limit]
    if multiline:
        shown = shown.replace("\r\n", "\n")
    kept = "\n\t" if multiline else ""
    safe = "".join(char if char in kept or is_seen(char) else _escape(char) for char in shown)
    return safe if len(text) <= limit else f"{safe}… [{len(text) - limit} more characters]"


def is_seen(char: str) -> bool:
    """Whether a character shows as itself: it neither acts, nor hides, nor turns the text around."""
    if char.isprintable():
        return char not in _UNSEEN
    return unicodedata.category(char) == "Zs"


def _escape(char: str) -> str:
    point = ord(char)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
