"""Calls the function it was given again and again, by its name.

Expect: all MISSING, t04 TIMED_OUT
"""


def iterate(step_fn, start, limit):
    while True:
        step_fn(1.0)
