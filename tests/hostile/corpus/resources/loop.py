"""Loops for ever, in Python.

Expect: all MISSING, t02 TIMED_OUT
"""


def entropy(p):
    while True:
        pass
