"""Reserves 600 MB in each call, a little more than half of what is allowed.

Expect: full marks
"""


def around(call):
    np.empty(75_000_000)[::1_000_000] = 1.0
    return call()
