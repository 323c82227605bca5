"""Returns a handle to a function that no test passed.

Expect: all BAD_REPLY
"""

from grader.wire.codec import FunctionHandle


def attack(*args):
    return FunctionHandle(len(args) * 7)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
