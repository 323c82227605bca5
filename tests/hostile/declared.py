"""The corpus as it declares itself: each file's docstring ends with the outcome that its attack must have.

    Expect: all RAISED                          every test
    Expect: all MISSING, t01 TIMED_OUT          and the exceptions
    Expect: all WRONG, honest t02 PASSED        a right answer, earned as anybody's
    Expect: all MISSING, review t07 PASSED      a right answer, by ways that a person is asked about

A PASSED that is called neither `honest` nor `review` is refused. Files are parsed here, never imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.model.verdict import Verdict
from tests.hostile.generated import GENERATED

CORPUS = Path(__file__).parent / "corpus"
LABELS = ("t01", "t02", "t03", "t04", "t05", "t06", "t07")
_TERM = re.compile(r"(?:(honest|review) )?(all|t\d\d) ([A-Z_]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One submission of the corpus, and what becomes of it.

    `earned`: the labels whose points it may have; `reviewed`: those of them that the staff are to look at.
    """

    name: str  # exit/os_exit_zero
    source: bytes
    title: str
    expected: Mapping[str, Verdict]
    earned: frozenset[str]
    reviewed: frozenset[str]

    @property
    def waits(self) -> bool:
        """Whether some test runs into a deadline, which takes a second."""
        return Verdict.TIMED_OUT in self.expected.values()


def read_corpus() -> tuple[Hostile, ...]:
    """Every submission, the generated ones too, by name. Raises ValueError where one declares nothing."""
    written = [
        _hostile(str(path.relative_to(CORPUS).with_suffix("")), path.read_bytes(), _docstring(path))
        for path in CORPUS.glob("*/*.py")
    ]
    generated = [_hostile(name, source, declaration) for name, (source, declaration) in GENERATED.items()]
    return tuple(sorted(written + generated, key=lambda hostile: hostile.name))


def _docstring(path: Path) -> str:
    return ast.get_docstring(ast.parse(path.read_bytes())) or ""


def _hostile(name: str, source: bytes, declaration: str) -> Hostile:
    lines = declaration.strip().splitlines()
    if not lines or not lines[-1].startswith("Expect: "):
        raise ValueError(f"{name} does not end its docstring with `Expect: ...`")
    expected, why = parse_outcome(lines[-1].removeprefix("Expect: "), name)
    reviewed = frozenset(label for label in why if why[label] == "review")
    return Hostile(
        name=name,
        source=source,
        title=lines[0],
        expected=expected,
        earned=frozenset(why),
        reviewed=reviewed,
    )


def parse_outcome(text: str, name: str) -> tuple[dict[str, Verdict], dict[str, str]]:
    """Verdicts by label, and why points are earned. Raises ValueError; KeyError for no verdict."""
    expected: dict[str, Verdict] = {}
    earned: dict[str, str] = {}
    for term in text.split(", "):
        match = _TERM.fullmatch(term)
        if match is None:
            raise ValueError(f"{name} declares {term!r}")
        why, which, verdict = match.groups()
        if (why is not None) != (verdict == "PASSED"):
            raise ValueError(f"{name}: {term!r}; only what is honest or for review passes")
        for label in LABELS if which == "all" else (which,):
            expected[label] = Verdict[verdict]
            if why:
                earned[label] = why
            else:
                earned.pop(label, None)
    if set(expected) != set(LABELS):
        raise ValueError(f"{name} does not say what becomes of {sorted(set(LABELS) - set(expected))}")
    return expected, earned
