"""log sigma(x) is the log of a sigma that has become 0 for a very negative x."""

import numpy as np


def _log_sigmoid(x):
    with np.errstate(all="ignore"):
        return np.log(1.0 / (1.0 + np.exp(-x)))
