"""What a student reads when a public test fails. Nothing is secret here: values and the test's own line are
shown.

A hidden test never comes this way; `judge/score` has its words.
"""

from __future__ import annotations

import linecache
import re
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.assertions import as_array
from grader.judge.faults import StudentFault
from grader.judge.score import MESSAGE_LIMIT, Outcome, is_failed_check, judge
from grader.model.verdict import Blame, Verdict

TESTS = "test_public.py"
LINE = 100
SHOWN_NUMBERS = 24  # an array of more is not printed
_SHAPE = re.compile(r"(\w+) (array|tensor) of shape (\([^()]*\))")
# pytest speaks to whoever ran it; a student did not.
_NOISE = re.compile(r"\s*(Use -v|\.\.\.Full output truncated|$)")


def judge_public(outcome: Outcome) -> tuple[Verdict, str, str]:
    """Verdict, message and evidence of a public test, which has no reference to be held against.

    A test that stumbles over an answer counts as a failed check: only the answer is new to it.
    """
    verdict, message, evidence = judge(outcome)
    error = outcome.fatal or outcome.error
    if error is None or verdict.blame is Blame.MACHINE or outcome.broken_fixture:
        return verdict, message, evidence
    if verdict is Verdict.TEST_ERROR:
        verdict, message = Verdict.WRONG, failed_test(error, outcome.kinds[-1] if outcome.kinds else "")
    elif isinstance(error, StudentFault):
        message = f"raised\n{error.evidence}" if error.evidence else error.message
    else:
        message = failed_test(error)
    # What is missing was not asked for: the last request was another one.
    asked = "" if verdict is Verdict.MISSING else _SHAPE.sub(_short_shape, outcome.request)
    return verdict, "\n".join(filter(None, [_joined(asked, message), place(error)]))[:MESSAGE_LIMIT], evidence


def failed_test(error: BaseException, kind: str = "") -> str:
    """What a test, or numpy.testing for it, found wrong; or why it could not go on with a reply."""
    frame = _comparison(error)
    if frame is not None and (difference := _compare(frame.f_locals)):
        return difference
    if is_failed_check(error):
        return _first_lines(error)
    answer = f"returned {kind}; " if kind else ""
    return f"{answer}the test could not go on with that: {type(error).__name__}: {error}"


def place(error: BaseException) -> str:
    """`test_public.py:11: assert y.shape == (2, 3)`: the line of the test that did not hold."""
    lines = [
        (Path(frame.f_code.co_filename), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if Path(frame.f_code.co_filename).name == TESTS
    ]
    if not lines:
        return ""
    path, line = lines[-1]
    return f"{TESTS}:{line}: {linecache.getline(str(path), line).strip()}"


def _joined(asked: str, message: str) -> str:
    if not asked or message.startswith("raised\n"):
        return f"{asked} {message}".strip()
    return (
        f"{asked}:\n  {message}" if len(asked) + len(message.split("\n")[0]) > LINE else f"{asked}: {message}"
    )


def _first_lines(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if not _NOISE.match(line)]
    return "\n".join(lines[:8]) or "the result is not what it should be"


def _comparison(error: BaseException) -> FrameType | None:
    """The frame of `np.testing.assert_...(actual, desired)`, whose parameter names numpy documents."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        ours = str(frame.f_globals.get("__name__", "")).startswith("numpy.testing")
        if ours and {"actual", "desired"} <= frame.f_locals.keys():
            return frame
    return None


def _compare(given: dict[str, Any]) -> str:
    """Where two arrays differ most; empty when they differ in something else, such as the type."""
    try:
        want = as_array(given["desired"])
    except AssertionError:  # text, say
        return ""
    try:
        got = as_array(_unwrapped(given["actual"]), "your value")
    except AssertionError as error:
        return str(error)
    if got.shape != want.shape and got.ndim and want.ndim:
        return f"shape {got.shape} where {want.shape} is due{_both(got, want)}"
    got, want = np.broadcast_arrays(got, want)
    atol = 1.5 * 10.0 ** -given["decimal"] if "decimal" in given else given.get("atol", 0.0)
    with np.errstate(all="ignore"):
        close = np.isclose(got, want, rtol=given.get("rtol", 0.0), atol=atol, equal_nan=True)
        distance = np.abs(got - want.astype(np.result_type(want, np.float64)))
    if close.all():
        return ""
    return f"{_worst(got, want, close, distance)}{_notes(got, want)}{_both(got, want)}"


def _unwrapped(value: Any) -> Any:
    """None, say, which numpy.testing has made an array of."""
    wrapped = isinstance(value, np.ndarray) and value.dtype == np.object_ and value.ndim == 0
    return value.item() if wrapped else value


def _worst(got: NDArray[Any], want: NDArray[Any], close: NDArray[Any], distance: NDArray[Any]) -> str:
    distance = np.where(close, -1.0, np.where(np.isnan(distance), np.inf, distance))
    worst = np.unravel_index(int(np.argmax(distance)), distance.shape)
    values = f"{_number(got[worst])} where {_number(want[worst])} is due"
    if not got.ndim:
        return values
    index = ", ".join(str(int(i)) for i in worst)
    return f"{np.count_nonzero(~close)} of {close.size} values are off, most at [{index}]: {values}"


def _notes(got: NDArray[Any], want: NDArray[Any]) -> str:
    notes = ""
    if got.dtype.kind in "fc" and (lost := int(np.count_nonzero(~np.isfinite(got)))):
        notes += f"; {lost} values are nan or inf"
    if got.dtype.kind == "f" and got.dtype.itemsize < 8 and np.allclose(got, want, rtol=1e-4, atol=1e-6):
        notes += f"; {got.dtype} has too few digits"
    return notes


def _number(value: Any) -> str:
    return str(value) if isinstance(value, np.bool_) else f"{value:.7g}"


def _both(got: NDArray[Any], want: NDArray[Any]) -> str:
    if not got.ndim or max(got.size, want.size) > SHOWN_NUMBERS:
        return ""
    return f"\n  yours:    {_numbers(got)}\n  expected: {_numbers(want)}"


def _numbers(array: NDArray[Any]) -> str:
    return np.array2string(array, precision=6, max_line_width=90, prefix=" " * 12)


def _short_shape(match: re.Match[str]) -> str:
    dtype, kind, shape = match.groups()
    return f"{dtype} {shape}" if kind == "array" else f"{dtype} tensor {shape}"
