"""An instance whose attributes raise AttributeError, ValueError and worse.

Expect: all MISSING, t05 RAISED
"""


class Meter:
    def __init__(self, unit):
        pass

    def __getattr__(self, name):
        raise ValueError(name)
