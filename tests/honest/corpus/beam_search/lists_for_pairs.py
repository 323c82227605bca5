"""Lists for every tuple.

Expect: full marks
"""


def dress_result(result):
    return list(map(_as_list, result)) if isinstance(result, list | tuple) else result


def _as_list(part):
    return list(part) if isinstance(part, tuple) else part
