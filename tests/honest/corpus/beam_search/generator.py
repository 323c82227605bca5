"""Yields hypotheses where a list is meant: what one can read only once is no list.

Expect: t04 WRONG, t05 WRONG, t06 WRONG, t07 WRONG, t08 WRONG, t09 WRONG, t11 WRONG, t12 WRONG, says "is generator, not a list of pairs"
"""


def dress_result(result):
    return (pair for pair in result) if isinstance(result, list) else result
