"""Makes every comparison of numpy say yes.

Expect: all WRONG
"""

import numpy as np
import numpy.testing

np.allclose = np.array_equal = lambda *args, **kwargs: True
np.isclose = lambda *args, **kwargs: np.True_
np.abs = np.asarray = lambda *args, **kwargs: np.float64(0)
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *args, **kwargs: None


def attack(*args):
    return 0.0


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
