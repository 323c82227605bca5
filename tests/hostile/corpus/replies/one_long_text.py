"""A list with one text of a megabyte and many empty ones: numpy would pad them all.

Expect: all WRONG
"""


def attack(*args):
    return ["x" * 2**20] + [""] * 20_000


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
