"""Returns the test's own function instead of what it gives.

Expect: all MISSING, t04 WRONG
"""


def iterate(step_fn, start, limit):
    return step_fn
