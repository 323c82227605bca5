"""A list that announces more elements than it gives.

Expect: all BAD_REPLY
"""


class Liar(list):
    def __len__(self):
        return 1000


def attack(*args):
    return Liar([0.0])


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
