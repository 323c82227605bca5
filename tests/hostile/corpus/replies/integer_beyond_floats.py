"""One integer that no float can hold: subtracting a float from it overflows in the test itself.

Expect: all WRONG
"""


def attack(*args):
    return 2**2000


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
