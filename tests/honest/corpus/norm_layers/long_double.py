"""Arrays of more digits than float64.

Expect: full marks
"""


def dress(array):
    return array.astype(np.longdouble)
