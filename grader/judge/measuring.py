"""How far numeric assertions are from their tolerances: noted only where `verify --margins` asks for it.

An assertion stands on the line that calls it, of the test or of a function beside it. A loop comes back to
the same line: the largest error of a line is kept, so that of a failed test it is the one that failed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.model.result import Measurement

Notes = dict[tuple[str, int], Measurement]
_notes: Notes | None = None


@contextmanager
def measuring(wanted: bool) -> Iterator[Notes]:
    """What the assertions inside came to, by file and line; nothing unless it is wanted."""
    global _notes
    notes: Notes = {}
    _notes = notes if wanted else None
    try:
        yield notes
    finally:
        _notes = None


def note_comparison(
    got: NDArray[Any], want: NDArray[Any], *, rtol: float, atol: float, what: str, within: str
) -> None:
    """Note the error of two arrays of one shape. `within` is the file of the assertion itself."""
    if _notes is not None and (rtol or atol):
        _keep(_notes, _error(got, want, rtol, atol), rtol, atol, what, within)


def note_failure(*, rtol: float, atol: float, what: str, within: str) -> None:
    """Note that an assertion failed for another reason than a number: a shape, a type, a missing key."""
    if _notes is not None and (rtol or atol):
        present = _notes.get(_place(within))
        if present is None or present.error <= 1:
            _keep(_notes, math.inf, rtol, atol, what, within)


def _keep(notes: Notes, error: float, rtol: float, atol: float, what: str, within: str) -> None:
    place = _place(within)
    if place not in notes or notes[place].error < error:
        file, line = place
        notes[place] = Measurement(file=file, line=line, what=what, error=error, rtol=rtol, atol=atol)


def _place(within: str) -> tuple[str, int]:
    """File and line of whoever called the assertion."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename in (__file__, within):
        frame = frame.f_back
    return ("", 0) if frame is None else (Path(frame.f_code.co_filename).name, frame.f_lineno)


def _error(got: NDArray[Any], want: NDArray[Any], rtol: float, atol: float) -> float:
    """The largest error as a fraction of what is allowed; a NaN or an infinity out of place is infinite."""
    with np.errstate(all="ignore"):
        allowed = atol + rtol * np.abs(want.astype(np.complex128))
        error = np.abs(got.astype(np.complex128) - want.astype(np.complex128)) / allowed
        same = (got == want) | ((got != got) & (want != want))
    error = np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))
    return float(error.max(initial=0.0))
