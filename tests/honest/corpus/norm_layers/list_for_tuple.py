"""A list of three values where a tuple is meant.

Expect: full marks
"""


def dress_result(result):
    return list(result) if isinstance(result, tuple) else result
