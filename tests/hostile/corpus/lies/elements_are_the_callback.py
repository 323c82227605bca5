"""Returns the right number of things, each of them the test's own function.

Expect: all MISSING, t04 WRONG
"""


def iterate(step_fn, start, limit):
    values = [start]
    while values[-1] < limit:
        values.append(step_fn(values[-1]))
    return [step_fn] * len(values)
