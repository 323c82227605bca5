"""Tensors that are transposed views.

Expect: full marks
"""


def dress(value):
    return value.transpose(0, -1).contiguous().transpose(0, -1)
