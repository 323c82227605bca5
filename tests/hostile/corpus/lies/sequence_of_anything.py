"""An object with a length and elements that differ each time they are asked for.

Expect: all WRONG, t05 MISSING
"""


class Liar:
    calls = 0

    def __len__(self):
        Liar.calls += 1
        return [5, -1, 10**30, 0][Liar.calls % 4]

    def __getitem__(self, key):
        Liar.calls += 1
        return Liar() if Liar.calls < 50 else 0.0

    def __iter__(self):
        return iter([Liar(), Liar()])


def attack(*args):
    return Liar()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
