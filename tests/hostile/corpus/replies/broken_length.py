"""An instance whose length, when the judge asks for it, is no length.

Expect: all MISSING, t05 WRONG
"""


class Unit:
    def __len__(self):
        return 0

    def __eq__(self, other):
        return True


class Meter:
    def __init__(self, unit):
        self.unit = Unit()
