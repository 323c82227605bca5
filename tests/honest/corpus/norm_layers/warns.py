"""Warns and divides by zero on the way, and doesn't care.

Expect: full marks
"""

import warnings

warnings.warn("deprecated since ever", DeprecationWarning)


def around(call):
    warnings.warn("slow")
    1 / np.zeros(2)
    return call()
