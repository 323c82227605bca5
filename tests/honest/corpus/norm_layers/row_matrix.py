"""np.matrix for vectors, which makes a row of two axes out of each.

Expect: t01 WRONG, t02 WRONG, t05 WRONG, t07 WRONG, t09 WRONG, t10 WRONG, says "has shape (1, "
"""


def dress(array):
    return np.asmatrix(array) if array.ndim == 1 else array
