"""A dict whose items are not pairs.

Expect: all RAISED
"""


class Liar(dict):
    def items(self):
        return [(1, 2, 3)]


def attack(*args):
    return Liar()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
