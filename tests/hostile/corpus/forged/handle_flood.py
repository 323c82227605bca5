"""Returns thousands of objects, each a handle for the judge to keep.

Expect: all MISSING, t02 WRONG
"""


def entropy(p):
    return [object() for _ in range(20_000)]
