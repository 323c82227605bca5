"""Text that is no UTF-8, in values, keys and the names of types.

Expect: all WRONG
"""

from grader.wire.codec import ObjectHandle


def attack(*args):
    return ["\ud800\udfff", {"\udc80": "\x00"}, ObjectHandle(7, "\ud800\x00\x1b[2J")]


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
