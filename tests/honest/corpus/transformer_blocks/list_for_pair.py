"""A list of two tensors where a pair is meant, and a named tuple would be.

Expect: full marks
"""


def dress_result(result):
    return list(result) if isinstance(result, tuple) else result
