"""Changes its argument in place and gives back a clipped one in a list, an array of objects, a subclass.

Expect: all MISSING, t06 WRONG
"""

import sys

import numpy as np


class Same(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)


def lie(args, kwargs):
    return {"0": args[0].view(Same), "1": args[1], "bound": [args[0].astype(object)]}


sys.modules["grader.worker.serve"].named_arguments = lie


def clip(x, bound):
    return np.clip(x, -bound, bound, out=x)
