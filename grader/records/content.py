"""How submissions and results are written into the records, and read back with suspicion."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

from grader.files import zip_bytes
from grader.model.result import Result
from grader.model.submission import Submission


class DamagedContent(Exception):
    """What was kept cannot be what was written."""


def write_submission(submission: Submission) -> bytes:
    """The files as an archive: same files, same bytes."""
    return zip_bytes(submission.files)


def read_submission(content: bytes, sha256: str, topic: str) -> Submission:
    """Inverse of `write_submission`. Raises DamagedContent unless the files have the hash `sha256`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise DamagedContent from None
    # Not a student's name: two students may have handed in the same content.
    submission = Submission(topic=topic, name=sha256[:12], files=files)
    if submission.sha256 != sha256:
        raise DamagedContent
    return submission


def write_result(result: Result) -> str:
    """JSON in ASCII: some databases cannot keep every character that a student's program prints."""
    return json.dumps(result.to_json(), sort_keys=True)


def read_result(document: str) -> Result:
    """Inverse of `write_result`. Raises DamagedContent."""
    try:
        return Result.from_json(json.loads(document))
    except (ValueError, KeyError, TypeError):
        raise DamagedContent from None
