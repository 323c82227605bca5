"""Scores as exact fractions, which are no floats.

Expect: t03 WRONG, t04 WRONG, t05 WRONG, t06 WRONG, t07 WRONG, t08 WRONG, t09 WRONG, t11 WRONG, t12 WRONG, says "is Fraction, not numbers"
"""

from fractions import Fraction


def dress(value):
    return Fraction(value) if isinstance(value, float) else value
