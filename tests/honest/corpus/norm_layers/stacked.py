"""Mean and variance stacked in one array, which can be unpacked like a pair but is none.

Expect: t01 WRONG, says "float64 array of shape (2, 5), not 2 values"
"""

_norm_stats = norm_stats


def norm_stats(x, kind):
    return np.stack(_norm_stats(x, kind))
