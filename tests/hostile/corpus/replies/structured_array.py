"""Arrays of records, dates, texts, and a memory view.

Expect: all WRONG
"""

import numpy as np


def attack(*args):
    record = np.zeros(3, dtype=[("x", "f8"), ("y", "O")])
    return [record, np.array(["a", "b"]), np.array([1, 2], "M8[s]"), memoryview(b"xyz"), record[0]]


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
