"""Nested lists where arrays are meant.

Expect: full marks
"""


def dress(array):
    return array.tolist()
