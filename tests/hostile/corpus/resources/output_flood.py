"""Prints for ever.

Expect: all MISSING, t02 OUTPUT_LIMIT
"""


def entropy(p):
    while True:
        print("spam " * 1000)
