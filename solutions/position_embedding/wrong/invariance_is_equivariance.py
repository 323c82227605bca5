"""is_permutation_invariant compares f(X[perm]) with f(X)[perm]: that is equivariance."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def is_permutation_invariant(f, X, perm, atol=1e-8):
    _check_permutation(perm, len(X))
    result, result_of_permuted = np.asarray(f(X)), np.asarray(f(X[perm]))
    if result.shape[:1] != (len(X),):
        return False
    return _equal(result_of_permuted, result[perm], atol)
