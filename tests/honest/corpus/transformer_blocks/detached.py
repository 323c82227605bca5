"""Results detached.

Expect: t03 WRONG, t08 WRONG, says "does not depend differentiably"
"""


def dress(value):
    return value.detach()
