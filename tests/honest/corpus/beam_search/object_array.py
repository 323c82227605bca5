"""Hypotheses in an array of objects.

Expect: t04 WRONG, t05 WRONG, t06 WRONG, t07 WRONG, t08 WRONG, t09 WRONG, t11 WRONG, t12 WRONG, says "is ndarray, not a list of pairs"
"""


def dress_result(result):
    return np.array(result, dtype=object) if isinstance(result, list) else result
