"""A forgotten breakpoint.

Expect: all RAISED, says "Remove the breakpoint"
"""


def around(call):
    breakpoint()
    return call()
