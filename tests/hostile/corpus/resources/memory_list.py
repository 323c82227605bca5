"""Grows a list for ever.

Expect: all MISSING, t02 OUT_OF_MEMORY
"""


def entropy(p):
    everything = []
    while True:
        everything.append(bytes(2**20))
