"""Raises the recursion limit and recurses 20,000 deep.

Expect: full marks
"""

import sys

sys.setrecursionlimit(10**6)


def _depth(n):
    return 0 if n == 0 else 1 + _depth(n - 1)


def around(call):
    assert _depth(20_000) == 20_000
    return call()
