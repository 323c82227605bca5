"""Lists of arrays, one for each row, where one array is meant.

Expect: full marks
"""


def dress(array):
    return list(array)
