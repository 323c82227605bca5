"""docs/course.md shows the course that course.yaml describes."""

from __future__ import annotations

import re
from pathlib import Path

from grader.course.load import load_course, load_topics

ROOT = Path(__file__).parents[1]


def test_the_table_is_the_course() -> None:
    course = load_course(ROOT)
    rows = re.findall(
        r"^\| (\d+)[^|]* \| (\d+) \| `(\w+)` \| (\d+) \+ (\d) \| ([^|]*)\|", _text(), re.MULTILINE
    )
    shown = [
        (int(week), int(note), slug, int(a), int(b), _names(after)) for week, note, slug, a, b, after in rows
    ]
    assert shown == [
        (entry.week, work.note, work.slug, work.points, work.quiz_points, set(entry.after))
        for entry, work in zip(
            course.topics, (topic.assignment for topic in load_topics(course)), strict=True
        )
    ]


def test_every_note_is_corrected_once() -> None:
    numbers = re.findall(r"^(\d+)\. ", _text(), re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, 19))


def _names(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def _text() -> str:
    return (ROOT / "docs/course.md").read_text("utf-8")
