"""Two exceptions that cause each other.

Expect: all RAISED
"""


def attack(*args):
    one, other = ValueError("one"), KeyError("other")
    one.__cause__, other.__cause__ = other, one
    one.__context__, other.__context__ = other, one
    raise one


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
