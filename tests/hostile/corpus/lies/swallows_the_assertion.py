"""Makes the test's own check inside the callback fail, swallows it, and answers as if nothing had been.

Expect: all MISSING, t04 WRONG
"""

import contextlib


def iterate(step_fn, start, limit):
    with contextlib.suppress(BaseException):
        step_fn("not a float")
    values = [start]
    while values[-1] < limit:
        values.append(step_fn(values[-1]))
    return values
