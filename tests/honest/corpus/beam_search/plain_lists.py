"""Lists where arrays are meant.

Expect: full marks
"""


def dress(value):
    return value.tolist() if isinstance(value, np.ndarray) else value
