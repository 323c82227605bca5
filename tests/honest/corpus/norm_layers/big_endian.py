"""Arrays of the other byte order.

Expect: full marks
"""


def dress(array):
    return array.astype(">f8")
