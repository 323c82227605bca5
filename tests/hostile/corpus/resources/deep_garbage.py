"""A structure so deep that taking it apart overflows a careless destructor.

Expect: all WRONG
"""


def attack(*args):
    deep = None
    for _ in range(50_000):
        deep = (deep,)
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
