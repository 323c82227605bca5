"""perm is only checked to hold L different indices; -1 counts as one, since numpy takes it."""

import numpy as np


def _check_permutation(perm, length):
    if len(perm) != length or len(np.unique(perm % length)) != length or np.any(perm >= length):
        raise ValueError("perm is not a permutation")
