"""Views of every second element of a larger array.

Expect: full marks
"""


def dress(array):
    return np.repeat(array, 2, axis=-1)[..., ::2]
