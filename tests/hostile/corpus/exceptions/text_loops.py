"""An exception whose text never comes.

Expect: all MISSING, t02 TIMED_OUT
"""


class Odd(Exception):
    def __str__(self):
        while True:
            pass


def entropy(p):
    raise Odd
