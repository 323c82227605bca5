"""is_permutation_equivariant indexes the result by perm without looking whether it has a row per token."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    _check_permutation(perm, len(X))
    result, result_of_permuted = np.asarray(f(X)), np.asarray(f(X[perm]))
    return _equal(result_of_permuted, result[perm], atol)
