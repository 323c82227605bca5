"""Comparisons for hidden tests. They run on the trusted side, on plain values, and never show the expected
array.

Every failure is an `AssertionError` whose text a student may read: what was compared, shapes, dtypes, how
many elements are off, the worst index and the size of the error there.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.measuring import note_comparison, note_failure
from grader.judge.remote import RemoteObject, type_name

NUMERIC_KINDS = "biufc"
_WITHOUT_TOLERANCE = (str, bytes, set, frozenset, type(None))


def as_array(value: Any, what: str = "the result") -> NDArray[Any]:
    """Turn an array, a tensor, a number or a nested sequence of these into a numpy array.

    Raises AssertionError for anything else, ragged sequences and objects included.
    """
    try:
        array = np.asarray(_plain(value))
    except ValueError:  # ragged
        array = np.asarray(None)
    assert array.dtype.kind in NUMERIC_KINDS, f"{what} is {describe(value)}, not numbers"
    return array


def _plain(value: Any) -> Any:
    """What numpy may look at, None for the rest: it would ask any object, even a student's, for elements."""
    if isinstance(value, list | tuple):
        return [_plain(element) for element in value]
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach()
        return (value.float() if value.dtype == torch.bfloat16 else value).numpy()
    return value if isinstance(value, Number | np.generic | np.ndarray) else None


def describe(value: Any) -> str:
    """Say in a few words what a value is, without its content: `float64 array of shape (3, 4)`."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array of shape {value.shape}"
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return f"{str(value.dtype).removeprefix('torch.')} tensor of shape {tuple(value.shape)}"
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str | bytes):
        return f"{type(value).__name__} of length {len(value)}"
    if isinstance(value, tuple | list) and len(value) <= 4:
        open_, close = "()" if isinstance(value, tuple) else "[]"
        return open_ + ", ".join(map(describe, value)) + close
    if isinstance(value, tuple | list | dict | set):
        return f"{type(value).__name__} of {len(value)}"
    return type_name(value) if isinstance(value, RemoteObject) else type(value).__name__


def assert_close(
    actual: Any, expected: Any, *, rtol: float = 1e-9, atol: float = 1e-10, what: str = "the result"
) -> None:
    """Numbers equal within `atol + rtol * |expected|`, shapes equal. Tuples, lists and dicts go element by
    element.

    A list where an array is meant and a Python number where a numpy scalar is meant are accepted. NaN equals
    nothing unless the expected value is NaN in the same place. Strings, None and sets are compared exactly.
    """
    try:
        _compare(actual, expected, rtol, atol, what)
    except AssertionError:
        note_failure(rtol=rtol, atol=atol, what=what, within=__file__)
        raise


def _compare(actual: Any, expected: Any, rtol: float, atol: float, what: str) -> None:
    if isinstance(expected, _WITHOUT_TOLERANCE):
        _assert_same(actual, expected, what)
        return
    if isinstance(expected, Mapping):
        assert isinstance(actual, Mapping), f"{what} is {describe(actual)}, not a dict"
        assert set(actual) == set(expected), f"{what} has the keys {_names(actual)}, not {_names(expected)}"
        for key in expected:
            _compare(actual[key], expected[key], rtol, atol, f"{what}[{key!r}]")
        return
    if _is_composite(expected):
        assert isinstance(actual, tuple | list), f"{what} is {describe(actual)}, not {len(expected)} values"
        assert len(actual) == len(expected), f"{what} has {len(actual)} values, not {len(expected)}"
        for index, (one, other) in enumerate(zip(actual, expected, strict=True)):
            _compare(one, other, rtol, atol, f"{what}[{index}]")
        return
    got, want = as_array(actual, what), as_array(expected, "the expected value")
    assert got.shape == want.shape, f"{what} has shape {got.shape}, not {want.shape}"
    note_comparison(got, want, rtol=rtol, atol=atol, what=what, within=__file__)
    close = _close(got, want, rtol, atol)
    if close.all():
        return
    raise AssertionError(_report(got, want, close, what))


def assert_equal(actual: Any, expected: Any, *, what: str = "the result") -> None:
    """Exactly equal: the same shape and the same numbers, tokens, keys, strings; no tolerance."""
    if isinstance(expected, bool):
        _assert_same(actual, expected, what)
        return
    assert_close(actual, expected, rtol=0.0, atol=0.0, what=what)


def assert_dtype(actual: Any, expected: Any, *, what: str = "the result") -> None:
    """The dtype is exactly `expected` (numpy or torch). Python numbers have no dtype and fail."""
    assert isinstance(actual, np.generic) or _is_array(actual), (
        f"{what} is {describe(actual)}, without a dtype"
    )
    name = np.dtype(expected) if isinstance(expected, type) else expected
    assert actual.dtype == expected, f"{what} has dtype {actual.dtype}, not {name}"


def _is_array(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return isinstance(value, np.ndarray) or (torch is not None and isinstance(value, torch.Tensor))


def _assert_same(actual: Any, expected: Any, what: str) -> None:
    assert not _is_array(actual) or actual.ndim == 0, f"{what} is {describe(actual)}"
    assert actual == expected, f"{what} is not what it should be"


def _close(got: NDArray[Any], want: NDArray[Any], rtol: float, atol: float) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        if rtol or atol:
            return np.asarray(np.isclose(got, want, rtol=rtol, atol=atol, equal_nan=True))
        # Not isclose, which would go through float64: integers beyond 2**53 are exact too.
        return np.asarray((got == want) | ((got != got) & (want != want)))


def _is_composite(value: Any) -> bool:
    """A sequence to compare one by one: of arrays, of dicts, or ragged. Nested numbers make an array."""
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return False
    if any(not isinstance(element, Number | np.generic | Sequence) for element in value):
        return True
    try:
        return np.asarray(value).dtype.kind not in NUMERIC_KINDS
    except ValueError:
        return True


def _names(mapping: Mapping[Any, Any]) -> str:
    shown = sorted(map(str, mapping))
    return ", ".join(shown[:12]) + (", ..." if len(shown) > 12 else "")


def _report(got: NDArray[Any], want: NDArray[Any], close: NDArray[Any], what: str) -> str:
    with np.errstate(all="ignore"):
        error = np.abs(got.astype(np.complex128) - want.astype(np.complex128))
    error = np.where(close, 0.0, np.where(np.isfinite(error), error, np.inf))
    worst = tuple(map(int, np.unravel_index(int(np.argmax(error)), error.shape)))
    off = int(close.size - np.count_nonzero(close))
    where = f"({describe(got)}): {off} of {close.size} values are off, the worst at {worst}"
    lines = [f"{what} {where if got.ndim else 'is off'} by {error[worst]:.3g}"]
    if got.dtype.kind in "fc" and not np.isfinite(got).all():
        lines.append(f"{int(np.count_nonzero(~np.isfinite(got)))} values are nan or inf")
    if got.dtype == np.float32 and want.dtype == np.float64:
        lines.append("float32 where float64 is due")
    return "; ".join(lines)
