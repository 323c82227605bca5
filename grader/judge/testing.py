"""Everything a hidden test may import from us. The fixtures `student`, `reference` and `rng` come by
themselves.

from grader.judge.testing import assert_close, assert_equal, counting, grads
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from grader.judge.assertions import as_array, assert_close, assert_dtype, assert_equal, describe
from grader.judge.local import Counter

__all__ = [
    "as_array",
    "assert_close",
    "assert_dtype",
    "assert_equal",
    "counting",
    "describe",
    "grads",
    "refuses",
]


def refuses(what: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Assert that a call raises ValueError: `refuses("max_len=0", student.cut, words, max_len=0)`.

    Without it the student reads "cut: no ValueError for max_len=0"; a lambda's name is not told.
    """
    with suppress(ValueError):
        function(*arguments, **options)
        name = getattr(function, "__name__", "<")
        where = "" if "<" in name else f"{name}: "
        raise AssertionError(f"{where}no ValueError for {what}")


@contextmanager
def counting(student: Any) -> Iterator[Counter]:
    """Count the bytecodes of the student's own code: `with counting(student) as count: ...; count.bytecodes`.

    The count is deterministic for a given input and Python version; judge only ratios of counts.
    """
    counter = Counter()
    student.counter = counter
    try:
        yield counter
    finally:
        student.counter = None


def grads(module: Any) -> dict[str, Any]:
    """Gradients of a module's named parameters after `backward()`; None where there is none, told from
    zero."""
    fetch = getattr(module, "fetch_grads", None)
    if fetch is not None:
        return dict(fetch())
    return {name: parameter.grad for name, parameter in module.named_parameters()}
