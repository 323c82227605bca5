"""Fills the judge's memory with the arguments of callbacks, which the test keeps, as far as it may, and stays.

Expect: all MISSING, t04 TIMED_OUT
"""

import contextlib


def iterate(step_fn, start, limit):
    for _ in range(12):
        with contextlib.suppress(RuntimeError):
            step_fn("x" * 2**24)
    while True:
        pass
