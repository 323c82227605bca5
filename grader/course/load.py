"""From YAML files to the model. The door of PyYAML and pydantic.

PyYAML only composes the tree of nodes; `values` makes plain data of it and keeps the line of every key, so
that each error can point. Pydantic then fits the data to the dataclasses of the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar, cast
from zoneinfo import ZoneInfo

import yaml
from pydantic import TypeAdapter, ValidationError

from grader.course.contents import CONFTEST, PUBLIC_TESTS
from grader.course.document import Document, read_text
from grader.course.explain import explain
from grader.course.names import guess, is_module_file, is_slug
from grader.course.quiz import refuse_contradictions
from grader.course.schedule import find_zone, parse_due
from grader.course.values import MAX_DEPTH, SCALARS, Construction, Node
from grader.errors import InputError
from grader.model.assignment import STRICT, Assignment
from grader.model.course import ALL_LANGUAGES, Course, Language, Topic, TopicEntry
from grader.model.quiz import Question

T = TypeVar("T")


class _Loader(yaml.SafeLoader):
    """Composes nodes, with the plain scalars of YAML 1.2, not deeper than MAX_DEPTH."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (so declared in the base class)
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise yaml.MarkedYAMLError(
                problem=f"nested deeper than {MAX_DEPTH} levels", problem_mark=self.get_mark()
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Dumper(yaml.SafeDumper):
    """Quotes every text that a reader of YAML 1.1 or of 1.2 could take for something else."""

    yaml_implicit_resolvers: dict[str, Any] = {  # noqa: RUF012 (so declared in the base class)
        first: list(rules) for first, rules in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


for _tag, (_pattern, _first, _) in SCALARS.items():
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), list(_first))


def read_yaml(path: Path, top: type[dict[str, Any]] | type[list[Any]] = dict) -> Document:
    """The data of a YAML file, a mapping or a list at the top; a key without a value counts as left out.

    Raises InputError: not there, too large, not YAML, duplicate keys, another top level.
    """
    return parse_yaml(read_text(path), path, top)


def parse_yaml(text: str, path: Path, top: type[dict[str, Any]] | type[list[Any]] = dict) -> Document:
    """The data of a text that has been read already; `path` is named in errors."""
    node = _compose(path, text)
    construction = Construction(path)
    data = None if node is None else construction.value(node, ())
    if not isinstance(data, top):
        wanted = "keys with values (`key: value`)" if top is dict else "a list (`- ...`)"
        raise InputError(f"the file must hold {wanted}", path=path, line=1)
    return Document(path=path, data=data, lines=construction.lines)


def _compose(path: Path, text: str) -> Node | None:
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        return cast("Node | None", loader.get_single_node())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise InputError(f"not valid YAML: {error.problem}", path=path, line=line) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        what = f"not valid YAML: character U+{error.character:04X} is not allowed"
        raise InputError(what, path=path, line=line) from error
    except (ValueError, OverflowError) as error:  # PyYAML, on an escape beyond Unicode
        line = loader.get_mark().line + 1 if loader else 1
        raise InputError("not valid YAML: an escape beyond Unicode", path=path, line=line) from error


def dump_yaml(data: Any) -> str:
    """Plain data as readable YAML, in the given order; reading it gives equal data."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def fit(document: Document, kind: type[T]) -> T:
    """The document's data as `kind` (a dataclass, or a tuple of them).

    Generous outside, strict inside: a list will do for a tuple, an integer for a float, no text for a number.
    Raises InputError with file and line for the first thing that does not fit.
    """
    adapter = TypeAdapter(kind)
    try:
        # As JSON, where a list stands for a tuple and text for an enum; strict Python mode refuses both.
        return adapter.validate_json(json.dumps(document.data))
    except ValidationError as error:
        raise explain(document, error.errors(include_url=False), adapter.json_schema()) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _ScheduleLine:
    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    topic: str
    due: str | None = None
    week: int | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _CourseFile:
    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    id: str
    title: str
    timezone: str
    topics: tuple[_ScheduleLine, ...]
    languages: tuple[Language, ...] = ALL_LANGUAGES


def find_root(start: Path) -> Path:
    """The folder with `course.yaml` at or above `start`. Raises InputError when there is none."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "course.yaml").is_file():
            return folder
    raise InputError(
        "no course.yaml here or in any folder above", path=start, hint="Go to the folder of the course."
    )


def load_course(root: Path) -> Course:
    """The offering that `course.yaml` in `root` describes."""
    document = read_yaml(root / "course.yaml")
    file = fit(document, _CourseFile)
    try:
        zone = find_zone(file.timezone)
    except ValueError as error:
        raise document.error(f"unknown time zone {file.timezone!r}", "timezone", hint=str(error)) from error
    if Language.EN not in file.languages:
        hint = "Write [en] or [en, zh]."
        raise document.error("English is one of the languages of every course", "languages", hint=hint)
    names = [line.topic for line in file.topics]
    for index, name in enumerate(names):
        if not is_slug(name) or name in names[:index]:
            what = f"{name!r} stands twice" if is_slug(name) else f"{name!r} cannot be a topic's name"
            hint = "A topic has one line, and a name of lower-case letters, digits and underscores."
            raise document.error(what, "topics", index, "topic", hint=hint)
        _refuse_impossible(document, index, file.topics)
    topics = tuple(_entry(document, index, line, zone) for index, line in enumerate(file.topics))
    return Course(
        id=file.id,
        title=file.title,
        timezone=file.timezone,
        topics=topics,
        root=root,
        languages=file.languages,
    )


def _refuse_impossible(document: Document, index: int, lines: Sequence[_ScheduleLine]) -> None:
    """A week before the first or before that of the line above; a prerequisite that does not come before."""
    line, earlier = lines[index], lines[:index]
    first = max([1, *(other.week for other in earlier if other.week is not None)])
    if line.week is not None and line.week < first:
        hint = f"Topics stand in the order in which they are taken: write {first} or more."
        raise document.error(f"week {line.week} comes too early", "topics", index, "week", hint=hint)
    names = [other.topic for other in earlier]
    for place, name in enumerate(line.after):
        if name not in names:
            what = f"{name!r} does not come before {line.topic!r}"
            raise document.error(what, "topics", index, "after", place, hint=guess(name, names))


def _entry(document: Document, index: int, line: _ScheduleLine, zone: ZoneInfo) -> TopicEntry:
    try:
        due = parse_due(line.due, zone) if line.due else None
        return TopicEntry(topic=line.topic, due=due, week=line.week, after=line.after)
    except (ValueError, OverflowError) as error:
        hint = "Write it as 2026-12-01 or 2026-12-01 18:00."
        raise document.error(f"{line.due!r} is not a date", "topics", index, "due", hint=hint) from error


def load_assignment(path: Path) -> Assignment:
    """The assignment that an `assignment.yaml` describes; names that become paths are known to be plain."""
    document = read_yaml(path)
    assignment = fit(document, Assignment)
    if not is_slug(assignment.slug):
        hint = "Use lower-case letters, digits and underscores."
        raise document.error(f"{assignment.slug!r} cannot be a topic's name", "slug", hint=hint)
    if not assignment.files:
        raise document.error("'files' names no file to hand in", "files")
    for index, name in enumerate(assignment.files):
        if not is_module_file(name) or name in assignment.files[:index]:
            hint = "Files to hand in are different plain names such as beam_search.py."
            raise document.error(f"{name!r} cannot be handed in", "files", index, hint=hint)
    taken = [PUBLIC_TESTS, CONFTEST, *assignment.files]
    for index, name in enumerate(assignment.given):
        if not is_module_file(name) or name in taken + list(assignment.given[:index]):
            hint = "Files to give are plain names such as toy_data.py, not those of work or tests."
            raise document.error(f"{name!r} cannot be given", "given", index, hint=hint)
    return assignment


def load_topic(course: Course, slug: str) -> Topic:
    """One topic of the course. Raises InputError, with a guess, when the course has no such topic."""
    entries = {entry.topic: entry for entry in course.topics}
    if slug not in entries:
        unlisted = is_slug(slug) and (course.root / "assignments" / slug).is_dir()
        hint = f"Add `- topic: {slug}` to it." if unlisted else guess(slug, entries)
        raise InputError(f"no topic {slug!r} in {course.root / 'course.yaml'}", hint=hint)
    path = course.root / "assignments" / slug / "assignment.yaml"
    assignment = load_assignment(path)
    if assignment.slug != slug:
        what = f"the slug is {assignment.slug!r} but the folder is {slug!r}"
        line = read_yaml(path).line("slug")
        raise InputError(what, path=path, line=line, hint="Give both the same name.")
    due = entries[slug].due
    return Topic(root=course.root, assignment=assignment, due=due, languages=course.languages)


def load_topics(course: Course, slugs: Sequence[str] = ()) -> tuple[Topic, ...]:
    """The named topics, each once; all of the course when none is named.

    Raises InputError when two of them ask for the same file: nobody could tell whose it is.
    """
    names = dict.fromkeys(slugs or [entry.topic for entry in course.topics])
    topics = tuple(load_topic(course, slug) for slug in names)
    owners: dict[str, str] = {}
    for topic in topics:
        for index, name in enumerate(topic.assignment.files):
            if owners.setdefault(name, topic.slug) != topic.slug:
                document = read_yaml(topic.handout / "assignment.yaml")
                what = f"{name!r} is also handed in for {owners[name]!r}"
                raise document.error(what, "files", index, hint="Give each topic files of its own.")
    return topics


def load_quiz(path: Path) -> tuple[Question, ...]:
    """The questions of a quiz, with or without the key."""
    document = read_yaml(path, list)
    questions = fit(document, tuple[Question, ...])
    refuse_contradictions(questions, document)
    return questions
