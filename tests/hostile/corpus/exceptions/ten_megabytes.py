"""An exception with a text of ten megabytes.

Expect: all RAISED
"""


def attack(*args):
    raise RuntimeError("x" * 10_000_000)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
