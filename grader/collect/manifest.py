"""The manifest inside a submission: written on the student's side, believed by nobody, compared by us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.collect.names import MANIFEST, Refused, check_student
from grader.errors import InputError
from grader.files import sha256_hex
from grader.model.submission import Submission

FORMAT = "nlp-grader/submission/v1"
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Who hands in what, according to the archive itself."""

    topic: str
    student: str
    files: Mapping[str, Mapping[str, object]]
    submission_sha256: str

    def check(self, submission: Submission) -> None:
        """Raises Refused unless every file and the whole are exactly what this manifest describes."""
        described = describe_files(submission.files)
        for name in sorted(described.keys() | self.files.keys()):
            if described.get(name) != self.files.get(name):
                raise Refused(f"{name[:80]!a} is not the file that {MANIFEST} describes")
        if submission.sha256 != self.submission_sha256:
            raise Refused(f"the files do not have the submission_sha256 of {MANIFEST}")


def describe_files(files: Mapping[str, bytes]) -> dict[str, dict[str, object]]:
    """Hash and length of each file."""
    return {name: {"sha256": sha256_hex(files[name]), "bytes": len(files[name])} for name in sorted(files)}


def write_manifest(submission: Submission, student: str) -> bytes:
    """The manifest of `submission`, as it lies in the archive."""
    return json_bytes(
        {
            "format": FORMAT,
            "topic": submission.topic,
            "student": student,
            "files": describe_files(submission.files),
            "submission_sha256": submission.sha256,
        }
    )


def json_bytes(value: object) -> bytes:
    """JSON as this project writes it: readable, ASCII, the same bytes for the same value."""
    return (json.dumps(value, indent=2) + "\n").encode("ascii")


def read_manifest(data: bytes) -> Manifest:
    """Raises Refused unless `data` has exactly the form that `write_manifest` gives it."""
    fields = _parse(data)
    if fields.get("format") != FORMAT:
        raise Refused(f"{MANIFEST} is not of the format {FORMAT}")
    expected = {"format": str, "topic": str, "student": str, "files": dict, "submission_sha256": str}
    if {key: type(value) for key, value in fields.items()} != expected:
        raise Refused(f"{MANIFEST} does not have the fields {', '.join(expected)}")
    if not all(isinstance(entry, dict) for entry in fields["files"].values()):
        raise Refused(f"{MANIFEST} does not give a hash and a length for each file")
    try:
        check_student(fields["student"])
    except InputError as error:
        raise Refused(f"{MANIFEST}: {error.what}") from None
    return Manifest(
        topic=fields["topic"],
        student=fields["student"],
        files=fields["files"],
        submission_sha256=fields["submission_sha256"],
    )


def _parse(data: bytes) -> dict[str, Any]:
    if len(data) > _MAX_BYTES:
        raise Refused(f"{MANIFEST} has {len(data)} bytes, more than {_MAX_BYTES}")
    try:
        fields = json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise Refused(f"{MANIFEST} cannot be read as JSON") from None
    if not isinstance(fields, dict):
        raise Refused(f"{MANIFEST} cannot be read as a JSON object")
    return fields


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is there twice")
    return fields
