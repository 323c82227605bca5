"""Tuples for every list.

Expect: full marks
"""


def dress_result(result):
    return tuple(map(_as_tuple, result)) if isinstance(result, list | tuple) else result


def _as_tuple(part):
    return tuple(map(_as_tuple, part)) if isinstance(part, list | tuple) else part
