"""Fills the judge's memory with the arguments of callbacks, which the test keeps, as far as it may, and stays.

Expect: all MISSING, t04 TIMED_OUT
"""

import contextlib


def iterate(step_fn, start, limit):
    megabytes = b"x" * 2**24  # bytes, which take less time on the way than text
    for _ in range(12):
        with contextlib.suppress(RuntimeError):
            step_fn(megabytes)
    while True:
        pass
