"""Seeds the global generators at import and again in each call.

Expect: full marks
"""

import random

np.random.seed(0)
random.seed(0)


def around(call):
    np.random.seed(42)
    np.random.rand(3)
    return call()
