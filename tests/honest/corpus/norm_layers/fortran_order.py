"""Arrays in column-major order.

Expect: full marks
"""


def dress(array):
    return np.asfortranarray(array)
