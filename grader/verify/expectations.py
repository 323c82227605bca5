"""What each known submission of a topic must earn, as `solutions/<topic>/submissions.yaml` says it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from grader.course.document import Document
from grader.course.load import fit, read_yaml
from grader.course.names import guess
from grader.errors import InputError
from grader.model.assignment import STRICT, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongSubmission:
    """An overlay with one known mistake, and the labels of the tests that must and may catch it."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    spec: str = ""  # row of the content's specification: W2
    must_fail: tuple[str, ...]
    may_fail: tuple[str, ...] = ()
    diagnosis: Text  # what a student with the same mistake is told


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedSubmission:
    """An honest alternative to the reference, which earns full marks."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    spec: str = ""
    note: str = ""  # in what it differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """All known submissions of a topic by name: the file is `wrong/<name>.py` or `accepted/<name>.py`."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    wrong: Mapping[str, WrongSubmission] = field(default_factory=dict)
    accepted: Mapping[str, AcceptedSubmission] = field(default_factory=dict)
    # Mutants that no test could tell from the reference, by id, and why.
    equivalent_mutants: Mapping[str, str] = field(default_factory=dict)
    # Numeric assertions whose tolerance is nearer to an error than it should be, by key, and why.
    margins: Mapping[str, str] = field(default_factory=dict)


_LINES = {"wrong": "{must_fail: [t01], diagnosis: {en: ..., zh: ...}}", "accepted": "{note: ...}"}


def load_expectations(path: Path, labels: Collection[str] | None = None) -> Expectations:
    """Read `submissions.yaml`. `labels` are those of the hidden tests; None skips that check.

    Raises InputError, with file and line, when a file is not listed or a listed one not there, when no test
    must catch a mistake, when a label is unknown, repeated, or both a must and a may, or a reason is empty.
    """
    document = read_yaml(path)
    expectations = fit(document, Expectations)
    _refuse_unmatched(document, "wrong", expectations.wrong)
    _refuse_unmatched(document, "accepted", expectations.accepted)
    for name, submission in expectations.wrong.items():
        _refuse_labels(document, name, submission, labels)
    _refuse_unreasoned(document, "equivalent_mutants", expectations.equivalent_mutants)
    _refuse_unreasoned(document, "margins", expectations.margins)
    return expectations


def _refuse_unmatched(document: Document, kind: str, listed: Collection[str]) -> None:
    folder = document.path.parent / kind
    present = {file.stem for file in folder.glob("*.py")}
    for name in listed:
        if name not in present:
            what = f"there is no file {kind}/{name}.py"
            raise document.error(what, kind, name, hint=guess(name, present))
    for name in sorted(present.difference(listed)):
        line = f"`{name}: {_LINES[kind]}`"
        hint = f"Say under `{kind}:` in {document.path.name} what it must earn, as in {line}, or remove it."
        raise InputError("this submission is not listed", path=folder / f"{name}.py", hint=hint)


def _refuse_unreasoned(document: Document, kind: str, reasons: Mapping[str, str]) -> None:
    for key, reason in reasons.items():
        if not reason.strip():
            raise document.error(f"{key!r} has no reason", kind, key, hint="Say why it must be so.")


def _refuse_labels(
    document: Document, name: str, submission: WrongSubmission, labels: Collection[str] | None
) -> None:
    if not submission.must_fail:
        hint = "A mistake that no test must catch proves nothing."
        raise document.error(f"must_fail of {name!r} is empty", "wrong", name, "must_fail", hint=hint)
    seen: set[str] = set()
    for key, index, label in _labels(submission):
        if labels is not None and label not in labels:
            what = f"no hidden test has the label {label!r}"
            raise document.error(what, "wrong", name, key, index, hint=guess(label, labels))
        if label in seen:
            hint = "A test must fail or may fail, once."
            raise document.error(f"{label!r} stands twice in {name!r}", "wrong", name, key, index, hint=hint)
        seen.add(label)


def _labels(submission: WrongSubmission) -> Iterator[tuple[str, int, str]]:
    for key, labels in (("must_fail", submission.must_fail), ("may_fail", submission.may_fail)):
        for index, label in enumerate(labels):
            yield key, index, label
