"""Passes the test's function to itself, and objects that ask back when they are touched.

Expect: all MISSING, t04 WRONG
"""

import contextlib


class Deep:
    def __len__(self):
        return 3

    def __getitem__(self, key):
        return self


def iterate(step_fn, start, limit):
    for value in (step_fn, Deep(), [step_fn, Deep()]):
        with contextlib.suppress(RuntimeError):
            step_fn(value)
    return [start]
