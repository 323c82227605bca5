"""Never calls the function it was given: the values are learnt from one honest call, and the calls are missing.

Expect: all MISSING, t04 WRONG
"""


def iterate(step_fn, start, limit):
    growth = step_fn(1.0)
    values = [start]
    while values[-1] < limit:
        values.append(values[-1] * growth)
    return values
