"""Findings: what is wrong with a piece of work that goes on all the same.

A check that may find many faults tells a `Diagnostics` object, and so does a collection with one broken
submission among five hundred; whoever started the work decides how to show the findings and how to exit.
Nothing here prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

EXTRA_LINES = 20
EXTRA_CHARACTERS = 2000


class Severity(Enum):
    """How bad a finding is; only an error makes the work fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found. `path` and `line` say where, as far as that is known."""

    severity: Severity
    message: str
    path: Path | str | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self._where}{self.severity.value}: {self.message}"

    @property
    def without_severity(self) -> str:
        """`path:line: message`, for a text that has said already that these are errors."""
        return self._where + self.message

    @property
    def _where(self) -> str:
        return "" if self.path is None else f"{self.path}:{self.line}: " if self.line else f"{self.path}: "


def truncate(text: str, lines: int = EXTRA_LINES, characters: int = EXTRA_CHARACTERS) -> str:
    """The beginning of a long text, and how much was left out."""
    kept = "\n".join(text[:characters].splitlines()[:lines])
    left_out = len(text.rstrip("\n")) - len(kept)
    return kept if left_out <= 0 else f"{kept}\n[{left_out} more characters left out]"


class Diagnostics:
    """Collects findings. Children add their name to the message and share the findings with their parent."""

    def __init__(self, name: str = "", *, parent: Diagnostics | None = None) -> None:
        """`name` stands before each message: a topic, a student."""
        self._prefix: str = (parent._prefix if parent else "") + (f"{name}: " if name else "")
        self._findings: list[Finding] = parent._findings if parent else []

    def child(self, name: str) -> Diagnostics:
        """The same collection, with `name` before every message."""
        return Diagnostics(name, parent=self)

    def error(
        self, message: str, *, path: Path | str | None = None, line: int | None = None, extra: str = ""
    ) -> None:
        """Something must be put right. `extra` is long text (a traceback), cut when too long."""
        self._add(Severity.ERROR, message, path, line, extra)

    def warning(
        self, message: str, *, path: Path | str | None = None, line: int | None = None, extra: str = ""
    ) -> None:
        """Something is odd, but the work can be used."""
        self._add(Severity.WARNING, message, path, line, extra)

    def info(
        self, message: str, *, path: Path | str | None = None, line: int | None = None, extra: str = ""
    ) -> None:
        """Something worth knowing."""
        self._add(Severity.INFO, message, path, line, extra)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found so far, parents' and children's, in the order of discovery."""
        return tuple(self._findings)

    @property
    def errors(self) -> int:
        """Number of errors, of the whole family."""
        return self.count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        """Number of warnings, of the whole family."""
        return self.count(Severity.WARNING)

    def count(self, severity: Severity) -> int:
        """Number of findings of one severity, of the whole family."""
        return sum(finding.severity is severity for finding in self._findings)

    def _add(
        self, severity: Severity, message: str, path: Path | str | None, line: int | None, extra: str
    ) -> None:
        text = self._prefix + message + (f"\n{truncate(extra)}" if extra else "")
        self._findings.append(Finding(severity=severity, message=text, path=path, line=line))
