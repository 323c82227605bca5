"""The student's side: checks what is handed in and packs it into one file, with a receipt.

Standard library only: this is what runs on every student's machine.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.collect.answers import read_answers
from grader.collect.manifest import describe_files, json_bytes, write_manifest
from grader.collect.names import ANSWERS, MANIFEST, Refused, check_student
from grader.collect.own_files import notebook_notes, read_own_files, released
from grader.errors import InputError
from grader.files import atomic_write, make_folder, sha256_hex, zip_bytes
from grader.model.assignment import Assignment
from grader.model.submission import Submission

RECEIPT_FORMAT = "nlp-grader/receipt/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReceipt:
    """One file that was handed in."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was handed in. `path` is the file to upload; `notes` say what is odd but was accepted."""

    path: Path
    topic: str
    student: str
    submission_sha256: str
    files: tuple[FileReceipt, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"Submission of {self.student} for {self.topic}", f"  {self.path}"]
        lines += [f"  {file.name}  {file.bytes} bytes  sha256 {file.sha256}" for file in self.files]
        lines += [f"  submission sha256 {self.submission_sha256}"]
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The receipt as plain data, for the student to keep."""
        return {
            "format": RECEIPT_FORMAT,
            "archive": self.path.name,
            "topic": self.topic,
            "student": self.student,
            "submission_sha256": self.submission_sha256,
            "files": {file.name: {"sha256": file.sha256, "bytes": file.bytes} for file in self.files},
            "notes": list(self.notes),
        }


def make_submission(folder: Path, assignment: Assignment, student: str, destination: Path) -> Receipt:
    """Packs the declared files of `folder`, and the helper modules beside them, into
    `destination`/TOPIC-STUDENT.zip, with the receipt beside it.

    Raises InputError, and writes nothing, for an impossible `student`, for what `read_own_files` refuses, for
    a declared file that is not Python, and for answers to the quiz that cannot be read.
    """
    check_student(student)
    files = read_own_files(folder, assignment)
    for name in assignment.files:
        _check_python(folder / name, files[name])
    if ANSWERS in files:
        _check_answers(folder / ANSWERS, files[ANSWERS], assignment)
    submission = Submission(topic=assignment.slug, name=student, files=files)
    stem = f"{assignment.slug}-{student}"
    receipt = Receipt(
        path=destination / f"{stem}.zip",
        topic=assignment.slug,
        student=student,
        submission_sha256=submission.sha256,
        files=tuple(
            FileReceipt(name=name, sha256=sha256_hex(text), bytes=len(text)) for name, text in files.items()
        ),
        notes=(
            *_stub_notes(folder, files),
            *notebook_notes(folder, assignment, files),
            *_helper_notes(folder, assignment, files),
        ),
    )
    make_folder(destination)
    atomic_write(receipt.path, zip_bytes({**files, MANIFEST: write_manifest(submission, student)}))
    atomic_write(destination / f"{stem}.receipt.json", json_bytes(receipt.to_json()))
    return receipt


def _check_answers(path: Path, content: bytes, assignment: Assignment) -> None:
    """Raises InputError for answers that nobody could mark."""
    try:
        read_answers(content, assignment.slug)
    except Refused as error:
        hint = "`grader quiz` writes this file; delete it to begin anew."
        raise InputError(error.what, path=path, hint=hint) from None


def _check_python(path: Path, content: bytes) -> None:
    """Raises InputError with the line unless `content` is Python in the encoding it declares (PEP 263)."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a string is the student's business
            ast.parse(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"not text in {encoding}", path=path, line=line, hint="Save the file as UTF-8."
        ) from None
    except SyntaxError as error:
        raise InputError(f"not valid Python: {error.msg}", path=path, line=error.lineno) from None
    except (LookupError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"not valid Python: {error or type(error).__name__}", path=path) from None


def _helper_notes(folder: Path, assignment: Assignment, files: dict[str, bytes]) -> Iterator[str]:
    """Says which helpers are not Python: perhaps nobody imports them, so they are handed in all the same."""
    for name in sorted(files.keys() - {*assignment.files, ANSWERS}):
        try:
            _check_python(folder / name, files[name])
        except InputError as error:
            yield f"{name} is handed in, but it is {error.what}"


def _stub_notes(folder: Path, files: dict[str, bytes]) -> tuple[str, ...]:
    """Says which files are still the stubs of the bundle, if its manifest lies in `folder`."""
    handed_out = released(folder)
    return tuple(
        f"{name} is still the stub that was handed out"
        for name, entry in describe_files(files).items()
        if handed_out.get(name) == entry["sha256"]
    )
