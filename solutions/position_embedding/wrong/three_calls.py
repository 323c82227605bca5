"""is_permutation_equivariant calls f three times, once only to look at the shape."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    _check_permutation(perm, len(X))
    if np.shape(f(X))[:1] != (len(X),):
        return False
    return _equal(np.asarray(f(X[perm])), np.asarray(f(X))[perm], atol)
