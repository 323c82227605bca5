"""The constants by which Python's own protocols say "ask somebody else".

Expect: all WRONG
"""


def attack(*args):
    return (NotImplemented, ..., Exception("answer"), type, attack)


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
