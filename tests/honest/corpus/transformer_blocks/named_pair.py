"""A named tuple of two tensors.

Expect: full marks
"""

from collections import namedtuple

Attention = namedtuple("Attention", ["output", "weights"])


def dress_result(result):
    return Attention(*result) if isinstance(result, tuple) else result
