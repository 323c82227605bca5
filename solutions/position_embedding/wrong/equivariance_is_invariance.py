"""is_permutation_equivariant compares f(X[perm]) with f(X): that is invariance."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    _check_permutation(perm, len(X))
    result = np.asarray(f(X))
    return result.shape[:1] == (len(X),) and _equal(np.asarray(f(X[perm])), result, atol)
