"""Changes its argument in place and has the worker's observer say that it did not.

What a call changed is told by the student's own process: the one thing besides bytecode counts that a test cannot see for
itself. It takes the right answer and a patched worker to gain it, which is more work than a copy.

Expect: all MISSING, limit t06 PASSED
"""

import sys

import numpy as np

sys.modules["grader.worker.serve"].changed_arguments = lambda before, after: []


def clip(x, bound):
    return np.clip(x, -bound, bound, out=x)
