"""Loops for ever wherever it is asked and eats every exception.

Expect: all TIMED_OUT
"""


def attack(*args):
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
