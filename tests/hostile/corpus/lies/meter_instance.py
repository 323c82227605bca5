"""A class whose instances lie about every attribute.

Expect: all MISSING, t05 WRONG
"""


class Truth:
    def __eq__(self, other):
        return True

    def __call__(self, *args):
        return Truth()


class Meter:
    def __init__(self, unit):
        pass

    def __getattr__(self, name):
        return Truth()
