"""A course in two languages has every text in both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.course.contents import QUIZ
from grader.course.document import Place
from grader.course.load import read_yaml
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.model.course import Language, Topic


def check_languages(topic: Topic, found: Diagnostics) -> None:
    """Tell `found` of every text in the topic's YAML files that lacks a language of the course."""
    if Language.ZH not in topic.languages:
        return
    private = [topic.solution / "submissions.yaml", topic.solution / QUIZ]
    for path in [topic.handout / "assignment.yaml", *private]:
        for line in _lines_of_english_only(path):
            what = "this text has no Chinese; add `zh: ...` (or `languages: [en]` to course.yaml)"
            found.error(what, path=path, line=line)


def _lines_of_english_only(path: Path) -> Iterator[int]:
    try:
        document = read_yaml(path, list if path.name == QUIZ else dict)
    except InputError:  # what is wrong with the file itself is told by those who need it
        return
    for place in _english_only(document.data, ()):
        yield document.line(*place)


def _english_only(value: Any, place: Place) -> Iterator[Place]:
    inner = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    if isinstance(value, dict) and isinstance(value.get("en"), str) and "zh" not in value:
        yield (*place, "en")
    for key, item in inner:
        yield from _english_only(item, (*place, key))
