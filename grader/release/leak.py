"""The last look at a bundle before it leaves: nothing private may be in it.

What stands in a reference outside the marked spans is no secret, but for its docstrings and comments: a line
of a span that they quote is a leak. Numbers and messages in them are promises, and no secret. Measured on the
docstrings and comments of norm_layers, beam_search and transformer_blocks: no false alarm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from grader.course.contents import QUIZ
from grader.course.load import parse_yaml
from grader.diagnostics import Diagnostics
from grader.errors import InputError
from grader.model.course import Topic
from grader.model.quiz import Question
from grader.release.fingerprint import find_pieces
from grader.release.private import Origin, Private, collect_private, telling_numbers

KEY_FIELDS = ("answer", "why", "tolerance")
NEAR = 24  # characters between a question's id and its answer, as in "q1 | b" or "q1: the answer is b"
_COMPILED = {".pyc", ".pyo", ".pyd", ".so"}


def check_leaks(topic: Topic, files: Mapping[str, bytes], diagnostics: Diagnostics) -> None:
    """Tell `diagnostics` about everything in `files` (name in the bundle -> content) that is private.

    Names are relative to the topic's folder. Each error says where in the bundle, and where it comes from.
    """
    private = collect_private(topic)
    for name, content in sorted(files.items()):
        if problem := _name_problem(name):
            diagnostics.error(problem, path=name)
            continue
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            diagnostics.error("not UTF-8 text; a bundle holds text only", path=name)
            continue
        if name.endswith(".ipynb"):
            text = _check_notebook(name, text, diagnostics)
        if PurePosixPath(name).name == QUIZ:
            _check_quiz(name, text, diagnostics)
        _check_text(name, text, private, diagnostics)


def _name_problem(name: str) -> str | None:
    path = PurePosixPath(name)
    if any(part.startswith(".") for part in path.parts):
        return "a hidden file; leave it out"
    if path.suffix in _COMPILED or "__pycache__" in path.parts:
        return "compiled code; leave it out"
    return None


def _check_notebook(name: str, text: str, diagnostics: Diagnostics) -> str:
    """Report outputs, which show what the solution answers; return the text of the cells."""
    try:
        cells = json.loads(text)["cells"]
        sources = ["".join(cell["source"]) for cell in cells]
        run = [
            index for index, cell in enumerate(cells) if cell.get("outputs") or cell.get("execution_count")
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        diagnostics.error("not a notebook that can be read; save it again", path=name)
        return text
    for index in run:
        diagnostics.error(f"cell {index + 1} has outputs; clear all outputs", path=name)
    return "\n".join(sources)


def _check_quiz(name: str, text: str, diagnostics: Diagnostics) -> None:
    try:
        document = parse_yaml(text, Path(name), list)
    except InputError as error:
        diagnostics.error(error.what, path=name, line=error.line)
        return
    for index, item in enumerate(document.data):
        for field in KEY_FIELDS:
            if isinstance(item, dict) and field in item:
                line = document.line(index, field)
                diagnostics.error(
                    f"the quiz shows its key: {field!r}; run `grader build`", path=name, line=line
                )


def _check_text(name: str, text: str, private: Private, diagnostics: Diagnostics) -> None:
    reported: set[int] = set()
    for line, origin in _hits(text, private):
        if line not in reported:
            reported.add(line)
            diagnostics.error(f"shows a part of {origin}", path=name, line=line)


def _hits(text: str, private: Private) -> Iterator[tuple[int, Origin]]:
    for piece, line in find_pieces(text, private.pieces):
        yield line, private.pieces[piece]
    for number, offset in telling_numbers(text):
        if number in private.numbers:
            yield _line_at(text, offset), private.numbers[number]
    for secret, origin in private.texts.items():
        if (offset := text.find(secret)) >= 0:
            yield _line_at(text, offset), origin
    for question, origin in private.key:
        for match in re.finditer(rf"\b{re.escape(question.id)}\b(.{{0,{NEAR}}})", text):
            if _is_answer(re.findall(r"\w+(?:\.\w+)?", match[1]), question):
                yield _line_at(text, match.start()), origin


def _line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _is_answer(words: Sequence[str], question: Question) -> bool:
    """Whether the words after a question's id begin with its answer."""
    if question.answer is None or isinstance(question.answer, float):
        return any(_is_number(word, question.answer) for word in words)
    letters = [question.answer] if isinstance(question.answer, str) else list(question.answer)
    return [word for word in words if word in question.options][: len(letters)] == letters


def _is_number(word: str, value: float | None) -> bool:
    try:
        return float(word) == value
    except ValueError:
        return False
