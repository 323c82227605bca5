"""A list that never stops giving elements.

Expect: all MISSING, t02 BAD_REPLY
"""


class Liar(list):
    def __iter__(self):
        while True:
            yield 0.0


def entropy(p):
    return Liar()
