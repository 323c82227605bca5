"""A course opened for work: its topics, its records, its secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from grader.cli.grading import course_secret, state_folder
from grader.course.load import find_root, load_course, load_topics
from grader.model.course import Course, Topic
from grader.records.store import Records


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCourse:
    """A course and where its records are kept: a file, or a database URL."""

    course: Course
    place: str | None = None  # None: in the course's own folder

    def topics(self, slugs: Sequence[str] = ()) -> tuple[Topic, ...]:
        """The named topics, or all."""
        return load_topics(self.course, slugs)

    def records(self) -> Records:
        """The records, opened; close them."""
        return Records.open(self.place or state_folder(self.course.root) / "records.sqlite")

    @contextmanager
    def use(self) -> Iterator[tuple[str, Records]]:
        """The secret and the records, opened; a damaged secret is refused before records are made."""
        secret = self.secret
        with self.records() as records:
            yield secret, records

    @property
    def secret(self) -> str:
        """What the graders' random data is derived from."""
        return course_secret(state_folder(self.course.root))

    @property
    def zone(self) -> ZoneInfo:
        """The course's time zone."""
        return ZoneInfo(self.course.timezone)


def open_course(folder: Path, place: str | None = None) -> OpenCourse:
    """The course around `folder`; `place` overrides where its records are."""
    return OpenCourse(course=load_course(find_root(folder)), place=place)
