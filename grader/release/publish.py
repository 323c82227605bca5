"""From the course to the students: one archive a topic, with reproducible bytes and nothing private in it."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from grader.course.contents import released_names
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.files import atomic_write, make_folder, sha256_hex, zip_bytes
from grader.model.course import Topic
from grader.release.build import stale_files
from grader.release.leak import check_leaks

FORMAT = "nlp-grader/bundle/v1"
MANIFEST = "manifest.json"
MAX_FILE_BYTES = 1 << 20


def package_topic(topic: Topic, destination: Path) -> Path:
    """Write `<topic>.zip` into the folder `destination` (made if need be) and return its path.

    The archive holds the files of the allow-list and a manifest, all in a folder named after the topic.
    Raises InputError, and writes nothing, when a file is missing, a link or too large, when a generated file
    is out of step, or when anything private shows.
    """
    files = _collect(topic)
    _refuse_stale(topic)
    _refuse_leaks(topic, files)
    files[MANIFEST] = _manifest(topic, files)
    archive = destination / f"{topic.slug}.zip"
    make_folder(destination)
    atomic_write(archive, zip_bytes({f"{topic.slug}/{name}": content for name, content in files.items()}))
    return archive


def _collect(topic: Topic) -> dict[str, bytes]:
    for folder in (topic.handout.parent, topic.handout):
        if folder.is_symlink():
            raise InputError("a link, not a folder", path=folder, hint="Put the files themselves there.")
    return {name: _read_plain(topic.handout / name, topic.slug) for name in released_names(topic)}


def _read_plain(path: Path, slug: str) -> bytes:
    """The content of a regular file. A link could bring in anything of this machine."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError as error:
        hint = f"Write it, or run `grader build {slug}` if it is generated."
        raise InputError("missing", path=path, hint=hint) from error
    except OSError as error:
        what = "a link" if path.is_symlink() else f"cannot read: {error.strerror or error}"
        raise InputError(what, path=path, hint="A bundle takes regular files only.") from error
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputError("not a regular file", path=path, hint="A bundle takes regular files only.")
        content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise InputError(f"larger than {MAX_FILE_BYTES} bytes", path=path, hint="Make it smaller.")
    return content


def _refuse_stale(topic: Topic) -> None:
    for path in stale_files(topic):
        hint = f"Run `grader build {topic.slug}`."
        raise InputError("not in step with the private file it is made from", path=path, hint=hint)


def _refuse_leaks(topic: Topic, files: Mapping[str, bytes]) -> None:
    diagnostics = Diagnostics()
    check_leaks(topic, files, diagnostics)
    if diagnostics.errors:
        shown = "\n".join(f"  {finding.without_severity}" for finding in diagnostics.findings[:10])
        what = f"{diagnostics.errors} place(s) in the bundle show what is private:\n{shown}"
        raise InputError(what, path=topic.handout, hint="Rewrite them; nothing was written.")


def _manifest(topic: Topic, files: Mapping[str, bytes]) -> bytes:
    content = {
        "format": FORMAT,
        "topic": topic.slug,
        "points": topic.assignment.points,
        "quiz_points": topic.assignment.quiz_points,
        "files": {
            name: {"sha256": sha256_hex(data), "bytes": len(data)} for name, data in sorted(files.items())
        },
    }
    return (json.dumps(content, indent=2, sort_keys=True) + "\n").encode()
