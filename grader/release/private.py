"""What must not leave: the fingerprints of everything private about a topic, and where each comes from."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course.contents import QUIZ
from grader.course.load import load_quiz, read_yaml
from grader.model.course import Topic
from grader.model.quiz import Question
from grader.release.fingerprint import Piece, Token, find_pieces, telling_pieces, tokenize_text
from grader.release.layout import Definition, first_line, last_line
from grader.release.spans import find_spans, parse_source

DIGITS = 4  # a number with so many significant digits was computed or chosen, not written by habit
LONG_TEXT = 24  # characters; below it, messages such as "must be positive" agree by chance

_NUMBER = re.compile(r"(?<![\w.])(\d[\d_]*\.?[\d_]*(?:[eE][-+]?\d+)?)(?![\w])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a private piece stands, and what it belongs to."""

    what: str
    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.what} ({self.path}:{self.line})"


@dataclass(slots=True, kw_only=True)
class Private:
    """Everything by which a leak is recognised."""

    pieces: dict[Piece, Origin] = field(default_factory=dict)
    numbers: dict[float, Origin] = field(default_factory=dict)
    texts: dict[str, Origin] = field(default_factory=dict)
    key: list[tuple[Question, Origin]] = field(default_factory=list)

    def forget_pieces(self, public: str) -> None:
        """Pieces that stand in `public` too are no secret."""
        for piece, _ in list(find_pieces(public, self.pieces)):
            self.pieces.pop(piece, None)

    def forget_constants(self, public: str) -> None:
        """Numbers and messages that stand in `public` too are no secret."""
        for number, _ in telling_numbers(public):
            self.numbers.pop(number, None)
        for text in [text for text in self.texts if text in public]:
            del self.texts[text]


def collect_private(topic: Topic) -> Private:
    """Read the reference's marked spans, the other submissions, the hidden tests, the oracle and the key."""
    private = Private()
    public, code, given = list[str](), list[str](), set[str]()
    for name in topic.assignment.files:
        path = topic.solution / name
        marked = _add_reference(private, path)
        source = path.read_text(encoding="utf-8")
        public.append(_blank(source, marked))
        code.append(_blank(_without_words(source), marked))
        given.update(row.strip() for row in _blank(_without_docstrings(source), marked).split("\n"))
    for folder, what in [("accepted", "an accepted submission"), ("wrong", "a wrong submission")]:
        for path in sorted((topic.solution / folder).glob("*.py")):
            _add_code(private, path, what, given=given)
    common = {"student", *(token.text for text in public for token in tokenize_text(text))}
    for path in sorted(topic.autotests.glob("*.py")):
        _add_code(private, path, "the oracle" if path.name == "oracle.py" else "a hidden test", common)
    for text in public:
        private.forget_constants(text)
    # Not in what docstrings and comments quote: the stub shows it, and that is the leak.
    for text in code:
        private.forget_pieces(text)
    _add_key(private, topic.solution / QUIZ)
    return private


def _add_reference(private: Private, path: Path) -> set[int]:
    """Note the marked spans; return the numbers of their lines."""
    source = path.read_text(encoding="utf-8")
    tree, spans = parse_source(source, path), find_spans(source, path)
    marked = {number for span in spans for number in range(span.begin + 1, span.end)}
    _add_pieces(private, tokenize_text(source), marked, Origin(what="the solution", path=path, line=0))
    _add_constants(private, tree, marked, "the solution", path)
    return marked


def _blank(source: str, lines: Collection[int]) -> str:
    rows = enumerate(source.split("\n"), start=1)
    return "\n".join("" if number in lines else row for number, row in rows)


def _without_words(source: str) -> str:
    """A module without its docstrings and comments, line by line."""
    rows = _without_docstrings(source).split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            rows[token.start[0] - 1] = rows[token.start[0] - 1][: token.start[1]]
    return "\n".join(rows)


def _without_docstrings(source: str) -> str:
    """A module without its docstrings, line by line."""
    rows = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            rows[node.lineno - 1 : last_line(node)] = [""] * (last_line(node) - node.lineno + 1)
    return "\n".join(rows)


def _add_code(
    private: Private, path: Path, what: str, common: Collection[str] = (), given: Collection[str] = ()
) -> None:
    """Note a module that is private as a whole, but for what the interface or the handout tells anyway, and
    for lines that are `given`: a submission repeats what the stub has, comments too."""
    source = path.read_text(encoding="utf-8")
    tree = parse_source(source, path)
    told = {number for first, last in _told(tree) for number in range(first, last + 1)}
    told |= {number for number, row in enumerate(source.split("\n"), start=1) if row.strip() in given}
    kept = set(range(1, source.count("\n") + 2)) - told
    _add_pieces(private, tokenize_text(source), kept, Origin(what=what, path=path, line=0), common)
    _add_constants(private, tree, kept, what, path)


def _told(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Line ranges of imports, signatures, and docstrings (a hidden test's is its title in the handout)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield first_line(node), last_line(node)
        if isinstance(node, Definition):
            yield first_line(node), max(node.lineno, node.body[0].lineno - 1)
        if isinstance(node, (ast.Module, *Definition)) and ast.get_docstring(node) is not None:
            yield first_line(node.body[0]), last_line(node.body[0])


def _add_pieces(
    private: Private, tokens: Sequence[Token], lines: set[int], origin: Origin, common: Collection[str] = ()
) -> None:
    for piece, line in telling_pieces([token for token in tokens if token.line in lines], common):
        private.pieces.setdefault(piece, Origin(what=origin.what, path=origin.path, line=line))


def _add_constants(private: Private, tree: ast.Module, lines: set[int], what: str, path: Path) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or node.lineno not in lines:
            continue
        origin = Origin(what=what, path=path, line=node.lineno)
        if isinstance(node.value, str) and len(node.value.strip()) >= LONG_TEXT:
            private.texts.setdefault(node.value.strip(), origin)
        elif type(node.value) in (int, float):
            for number, _ in telling_numbers(repr(node.value)):
                private.numbers.setdefault(number, origin)


def telling_numbers(text: str) -> Iterator[tuple[float, int]]:
    """Numbers with enough significant digits to be recognised, each with its offset.

    Whole numbers below 10 000 (years, pages, sizes) and powers of two are not telling.
    """
    for match in _NUMBER.finditer(text):
        literal = match[1].replace("_", "").lower()
        value, mantissa = float(literal), literal.partition("e")[0]
        ordinary = value.is_integer() and (value < 10_000 or int(value).bit_count() == 1)
        if len(mantissa.replace(".", "").strip("0")) >= DIGITS and not ordinary:
            yield value, match.start()


def _add_key(private: Private, path: Path) -> None:
    """Note the answers, and the explanations as far as the questions do not say the same."""
    if not path.is_file():
        return
    document, questions = read_yaml(path, list), load_quiz(path)
    for index, question in enumerate(questions):
        origin = Origin(what="the quiz key", path=path, line=document.line(index, "answer"))
        private.key.append((question, origin))
        for text in question.why.versions if question.why else ():
            tokens = [Token(text=token.text, line=1) for token in tokenize_text(text)]
            place = Origin(what="the quiz key", path=path, line=document.line(index, "why"))
            private.pieces.update((piece, place) for piece, _ in telling_pieces(tokens))
    for question in questions:
        for asked in (question.question, *question.options.values()):
            private.forget_pieces("\n".join(asked.versions))
            private.forget_constants("\n".join(asked.versions))
