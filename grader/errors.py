"""What can go wrong on our side, and the exit code it ends with.

GraderError
├── InputError     bad input: usage, YAML, a missing file, a broken archive   (exit 2)
└── MachineError   this machine cannot do it: no wall, disk full, dead judge  (exit 3)

A student's mistake is never an exception of this family: it is a verdict. A *finding* that does not stop the
work (one refused submission among five hundred) is a diagnostic, see `diagnostics`.
"""

from __future__ import annotations

from pathlib import Path


class GraderError(Exception):
    """Base of every error a user may see. The message says what, where, and what to do next."""

    exit_code = 3


class InputError(GraderError):
    """Bad input. `path` and `line` say where, `hint` says what to do next; all are optional."""

    exit_code = 2

    def __init__(
        self, what: str, *, path: Path | str | None = None, line: int | None = None, hint: str | None = None
    ) -> None:
        where = "" if path is None else f"{path}:{line}: " if line is not None else f"{path}: "
        super().__init__(where + what + (f"\n  {hint}" if hint else ""))
        self.what, self.path, self.line, self.hint = what, path, line, hint


class MachineError(GraderError):
    """The machine, not the user, stands in the way."""

    exit_code = 3
