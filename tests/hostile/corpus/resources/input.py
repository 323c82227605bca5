"""Waits for somebody to type.

Expect: all RAISED
"""


def attack(*args):
    return float(input("the answer: "))


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
