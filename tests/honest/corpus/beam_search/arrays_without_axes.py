"""Scores as arrays without axes.

Expect: full marks
"""


def dress(value):
    return np.array(value) if isinstance(value, float) else value
