"""Fills the judge's memory with the arguments of callbacks, which the test keeps.

Expect: all MISSING, t04 TIMED_OUT
"""

import contextlib


def iterate(step_fn, start, limit):
    while True:
        with contextlib.suppress(RuntimeError):
            step_fn("x" * 2**24)
