"""One long step of C code that no signal handler could end.

Expect: all MISSING, t02 TIMED_OUT
"""


def entropy(p):
    return 3 ** (10**9)
