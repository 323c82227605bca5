"""A regular expression that backtracks for ever.

Expect: all MISSING, t02 TIMED_OUT
"""

import re


def entropy(p):
    return re.match(r"(a+)+$", "a" * 60 + "b")
