"""Has a string evaluated that holds the banned name.

Expect: all MISSING, review t07 PASSED
"""

import numpy


def ranks(x):
    order = eval("numpy" + ".arg" + "sort")
    return order(order(x))
