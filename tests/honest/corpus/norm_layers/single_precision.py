"""float32 where the handout says that all arrays are float64.

Expect: t01 WRONG, t02 WRONG, t03 WRONG, t04 WRONG, t05 WRONG, t06 WRONG, t07 WRONG, t08 WRONG, t09 WRONG, t10 WRONG, says "float32 where float64 is due"
"""


def dress(array):
    return array.astype(np.float32)
