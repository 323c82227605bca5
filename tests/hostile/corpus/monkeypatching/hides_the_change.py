"""Changes its argument in place and has the worker say that there was none.

What was given is asked for and compared on the other side: what cannot be given back has not been kept.

Expect: all MISSING, t06 WRONG
"""

import sys

import numpy as np

sys.modules["grader.worker.serve"].named_arguments = lambda args, kwargs: {}


def clip(x, bound):
    return np.clip(x, -bound, bound, out=x)
