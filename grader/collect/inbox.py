"""Collects submissions from a folder or a bulk archive, one by one: a bad one is reported, the others go on.

    norm_layers-ada.zip              as `grader submit` made it
    ada/anything.zip                 the archive says which topic it is
    ada/norm_layers.py               the file says which topic it is; so does ada/norm_layers.ipynb
    ada/norm_layers/norm_layers.py   or any .zip there

Who the student is, says the place where the instructor's side put the file; never the content.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from grader.collect.archive import SUBMISSION
from grader.collect.names import NOTEBOOK, Refused, check_student, notebook_of, unexpected
from grader.collect.notebook import NOTEBOOK_BYTES
from grader.collect.regular import RegularFile
from grader.collect.sources import Offer, find_offers
from grader.collect.unpack import loose_submission, may_hand_in, read_submission
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.model.assignment import Assignment
from grader.model.submission import Submission

Topics = Mapping[str, Assignment]
_LAYOUT = (
    "Expected TOPIC-STUDENT.zip, STUDENT/any.zip, STUDENT/MODULE.py or STUDENT/TOPIC/MODULE.py (or .ipynb)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A submission that was taken in. `received_at` (UTC) is when its file was last changed."""

    student: str
    topic: str
    submission: Submission
    received_at: datetime
    source_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What the place of a file says: whose it is and, perhaps, for which topic."""

    student: str
    topic: str | None

    @property
    def name(self) -> str:
        return self.student if self.topic is None else f"{self.student}/{self.topic}"


def collect(
    source: Path, topics: Topics, diagnostics: Diagnostics, *, zone: tzinfo = UTC
) -> tuple[Collected, ...]:
    """The newest sound submission of each student for each of `topics`, ordered by student and topic.

    Refused ones become errors in `diagnostics`, older ones a note. `zone` is that of a bulk archive's times.
    Raises InputError when `source` is neither a folder nor a sound zip archive.
    """
    desk = _Desk(topics, diagnostics)
    for offer in find_offers(source, zone, diagnostics):
        desk.take(offer)
    return _newest(desk.close(), diagnostics)


class _Desk:
    """Takes offers in. Loose files are kept until the end, because several may make one submission."""

    def __init__(self, topics: Topics, diagnostics: Diagnostics) -> None:
        self._topics, self._diagnostics = topics, diagnostics
        self._taken: list[Collected] = []
        self._loose: dict[_Place, dict[str, RegularFile]] = defaultdict(dict)
        self._asked = {slug: may_hand_in(assignment) for slug, assignment in topics.items()}
        self._all_asked = set[str]().union(*self._asked.values())

    def take(self, offer: Offer) -> None:
        """One file; a refusal is reported and nothing else happens."""
        try:
            self._sort(offer)
        except InputError as error:
            self._refuse(offer.name, error)

    def close(self) -> list[Collected]:
        """Everything taken in."""
        for place, files in self._loose.items():
            for slug in [place.topic] if place.topic else self._meant(files):
                try:
                    self._taken.append(self._read_loose(place, slug, files))
                except InputError as error:
                    self._refuse(place.name, error)
        return self._taken

    def _sort(self, offer: Offer) -> None:
        file = offer.parts[-1]
        if file.endswith(".receipt.json"):
            return  # handed in too: no harm, and nothing to say
        if file.endswith(".zip"):
            self._read_archive(_place_of(offer.parts, self._topics), offer)
        elif file.endswith((".py", NOTEBOOK)) and len(offer.parts) > 1:
            place, is_notebook = _place_of(offer.parts, self._topics), file.endswith(NOTEBOOK)
            if is_notebook and file not in self._all_asked:
                raise unexpected(file)  # a trial of the student's: what lies beside it may be the work
            content = offer.read(NOTEBOOK_BYTES if is_notebook else SUBMISSION.file_bytes)
            if len(self._loose[place]) >= SUBMISSION.members:
                raise Refused(f"more than {SUBMISSION.members} files in one folder")
            self._loose[place][file] = content
        else:
            what = "neither a zip archive nor a Python file or notebook in a student's folder"
            raise Refused(what, hint=_LAYOUT)

    def _read_archive(self, place: _Place, offer: Offer) -> None:
        file = offer.read(SUBMISSION.archive_bytes)
        submission = read_submission(
            file.content, self._topics, student=place.student, topic=place.topic, source_name=offer.parts[-1]
        )
        self._taken.append(_collected(submission, file.modified, offer.name))

    def _meant(self, files: Mapping[str, RegularFile]) -> list[str] | list[None]:
        """The topics whose module is there; when there is none, the refusal says so."""
        modules = {slug: assignment.files[0] for slug, assignment in self._topics.items()}
        return [slug for slug, name in modules.items() if {name, notebook_of(name)} & files.keys()] or [None]

    def _read_loose(self, place: _Place, slug: str | None, files: Mapping[str, RegularFile]) -> Collected:
        other = self._all_asked - (self._asked[slug] if slug else set())
        mine = {name: file.content for name, file in files.items() if name not in other}
        submission = loose_submission(mine, self._topics, student=place.student, topic=slug)
        received = max(files[name].modified for name in mine)
        return _collected(submission, received, f"{place.name}/{self._topics[submission.topic].files[0]}")

    def _refuse(self, name: str, error: InputError) -> None:
        self._diagnostics.error(f"refused: {error.what}", path=name, extra=error.hint or "")


def _collected(submission: Submission, received: datetime, name: str) -> Collected:
    return Collected(
        student=submission.name,
        topic=submission.topic,
        submission=submission,
        received_at=received,
        source_name=name,
    )


def _place_of(parts: tuple[str, ...], topics: Topics) -> _Place:
    """Whose file it is, and for which topic. Raises InputError when its place does not tell."""
    if len(parts) > 3:
        raise Refused("the file lies too deep", hint=_LAYOUT)
    if len(parts) == 1:
        return _place_of_name(parts[0].removesuffix(".zip"), topics)
    topic = parts[1] if len(parts) == 3 else None
    if topic is not None and topic not in topics:
        near = difflib.get_close_matches(topic[:100], topics, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else None
        raise Refused(f"{topic[:80]!a} is not a topic of this course", hint=hint)
    return _Place(student=check_student(parts[0]), topic=topic)


def _place_of_name(stem: str, topics: Topics) -> _Place:
    fitting = [topic for topic in topics if stem.startswith(f"{topic}-")]
    if len(fitting) > 1:
        raise Refused(f"the name could mean the topics {' and '.join(sorted(fitting))}", hint=_LAYOUT)
    if not fitting:
        raise Refused("the name does not begin with a topic of this course and a dash", hint=_LAYOUT)
    return _Place(student=check_student(stem.removeprefix(f"{fitting[0]}-")), topic=fitting[0])


def _newest(taken: list[Collected], diagnostics: Diagnostics) -> tuple[Collected, ...]:
    """One for each student and topic: the newest; of equally new ones the last by name, then by content."""
    chosen: dict[tuple[str, str], Collected] = {}
    for one in sorted(taken, key=lambda one: (one.received_at, one.source_name, one.submission.sha256)):
        older = chosen.pop((one.student, one.topic), None)
        if older is not None:
            diagnostics.info(f"not used: {one.source_name} is newer", path=older.source_name)
        chosen[one.student, one.topic] = one
    return tuple(chosen[key] for key in sorted(chosen))
