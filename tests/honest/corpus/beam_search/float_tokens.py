"""Tokens as whole floats, as np.column_stack makes them when one column is float.

Expect: t03 WRONG, t04 WRONG, t05 WRONG, t06 WRONG, t07 WRONG, t08 WRONG, t09 WRONG, t11 WRONG, t12 WRONG, says "not integers"
"""


def dress(value):
    return float(value) if isinstance(value, int) else value
