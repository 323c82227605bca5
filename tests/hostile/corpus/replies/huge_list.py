"""A list of a million numbers.

Expect: all MISSING, t02 BAD_REPLY
"""


def entropy(p):
    return [0] * 10**6
