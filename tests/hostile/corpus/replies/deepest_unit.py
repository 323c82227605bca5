"""A value just as deep as a reply may be, passed back to the callback inside which it is one level deeper.

Expect: all MISSING, t04 WRONG
"""


def iterate(step_fn, start, limit):
    deep = 0.0
    for _ in range(30):
        deep = [deep]
    return [step_fn(deep)]
