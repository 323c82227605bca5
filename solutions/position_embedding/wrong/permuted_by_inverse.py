"""is_permutation_equivariant permutes f(X) by the inverse, argsort(perm)."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    _check_permutation(perm, len(X))
    result, result_of_permuted = np.asarray(f(X)), np.asarray(f(X[perm]))
    if result.shape[:1] != (len(X),):
        return False
    return _equal(result_of_permuted, result[np.argsort(perm)], atol)
