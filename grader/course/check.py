"""Opinions about a topic's files, formed without running anything. Each says where, and what to do."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import asdict

from grader.course.contents import QUIZ, READMES, released_names, required_paths
from grader.course.document import Document
from grader.course.hidden import HiddenSource, hidden_tests, parse_python, read_hidden_tests
from grader.course.languages import check_languages
from grader.course.load import load_quiz, read_yaml
from grader.course.names import guess
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.model.course import Topic
from grader.model.quiz import Question

__all__ = ["check_topic", "hidden_tests"]

LIBRARIES = ("numpy", "torch")
_BANNED_NAME = re.compile(r"[\w*?]+(\.[\w*?]+)*")
_MADE_BY_TOOLS = ("__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis")


def check_topic(topic: Topic, diagnostics: Diagnostics) -> None:
    """Tell `diagnostics` everything that keeps the topic from being released and graded."""
    found = diagnostics.child(topic.slug)
    _check_files(topic, found)
    document = read_yaml(topic.handout / "assignment.yaml")
    refused = found.errors
    tests = read_hidden_tests(topic, found)
    if found.errors == refused:  # a refused test has no points and no label that could be missed
        _check_total(topic, document, tests, found)
        _check_labels(topic, document, tests, found)
    _check_first_file(topic, document, found)
    _check_bans(topic, document, found)
    _check_limits(topic, document, found)
    _check_oracle(topic, found)
    if topic.assignment.quiz_points or (topic.solution / QUIZ).exists():
        _check_quiz(topic, document, found)
    check_languages(topic, found)


def _check_files(topic: Topic, found: Diagnostics) -> None:
    for path, what in required_paths(topic).items():
        if not path.is_file():
            found.error(f"missing: {what}; write it", path=path)
        elif path.name in READMES.values() and not path.read_bytes().strip():
            found.error("empty: write the task in it", path=path)
    expected = released_names(topic)
    for path in sorted(topic.handout.iterdir()) if topic.handout.is_dir() else ():
        if path.name not in expected and path.name not in _MADE_BY_TOOLS:
            found.warning("not part of what students receive; move or remove it", path=path)


def _check_total(topic: Topic, document: Document, tests: Sequence[HiddenSource], found: Diagnostics) -> None:
    total, declared = sum(source.test.points for source in tests), topic.assignment.points
    if total != declared:
        what = f"points is {declared}, but the hidden tests add up to {total}; correct one of them"
        found.error(what, path=document.path, line=document.line("points"))


def _check_labels(
    topic: Topic, document: Document, tests: Sequence[HiddenSource], found: Diagnostics
) -> None:
    labels = {source.test.label for source in tests}
    for index, ban in enumerate(topic.assignment.banned):
        for position, label in enumerate(ban.tests):
            if label not in labels:
                what = f"no hidden test has the label {label!r}. {guess(label, labels) or ''}".rstrip()
                line = document.line("banned", index, "tests", position)
                found.error(what, path=document.path, line=line)


def _check_first_file(topic: Topic, document: Document, found: Diagnostics) -> None:
    first = topic.assignment.files[0]
    if first != f"{topic.slug}.py":
        what = f"the tests call {first}; name it {topic.slug}.py, as conftest.py and the handout expect"
        found.warning(what, path=document.path, line=document.line("files", 0))


def _check_bans(topic: Topic, document: Document, found: Diagnostics) -> None:
    for index, ban in enumerate(topic.assignment.banned):
        if not _BANNED_NAME.fullmatch(ban.name):
            what = f"{ban.name!r} is not a dotted name; write it as in torch.nn.Transformer*"
            found.error(what, path=document.path, line=document.line("banned", index, "name"))


def _check_limits(topic: Topic, document: Document, found: Diagnostics) -> None:
    limits = topic.assignment.limits
    for name, value in asdict(limits).items():
        if value <= 0:
            what = f"{name} is {value}; it must be positive (leave it out for the default)"
            found.error(what, path=document.path, line=document.line("limits", name))
    if not limits.call_seconds <= limits.test_seconds <= limits.submission_seconds:
        what = "call_seconds, test_seconds and submission_seconds should not decrease in this order"
        found.warning(what, path=document.path, line=document.line("limits"))
    for index, library in enumerate(topic.assignment.libraries):
        if library not in LIBRARIES:
            what = f"the library {library!r} cannot be warmed up; choose from {', '.join(LIBRARIES)}"
            found.error(what, path=document.path, line=document.line("libraries", index))


def _check_oracle(topic: Topic, found: Diagnostics) -> None:
    """Expected values must not come from the reference that they are to judge."""
    path = topic.autotests / "oracle.py"
    tree = parse_python(path, found) if path.is_file() else None
    for node in ast.walk(tree) if tree else ():
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        if any(module.partition(".")[0] == "solutions" for module in modules):
            what = "the oracle imports solutions/; compute the answers in another way"
            found.error(what, path=path, line=getattr(node, "lineno", None))


def _check_quiz(topic: Topic, document: Document, found: Diagnostics) -> None:
    path = topic.solution / QUIZ
    if not path.is_file():
        return
    try:
        questions = load_quiz(path)
    except InputError as error:
        what = ". ".join(filter(None, (error.what, error.hint)))
        found.error(what, path=error.path, line=error.line)
        return
    total, declared = sum(question.points for question in questions), topic.assignment.quiz_points
    if total != declared:
        what = f"quiz_points is {declared}, but the quiz adds up to {total}; correct one of them"
        found.error(what, path=document.path, line=document.line("quiz_points"))
    _check_key(questions, read_yaml(path, list), found)


def _check_key(questions: Sequence[Question], document: Document, found: Diagnostics) -> None:
    for index, question in enumerate(questions):
        if question.answer is None:
            what = f"{question.id!r} has no answer; write the key"
            found.error(what, path=document.path, line=document.line(index))
        if question.why is None:
            what = f"{question.id!r} has no explanation; say why under `why`"
            found.warning(what, path=document.path, line=document.line(index))
