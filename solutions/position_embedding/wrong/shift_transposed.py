"""The matrix is transposed: it moves a code by -k."""

# ruff: noqa: F821 - the other names are those of the reference

import numpy as np


def shift_matrix(d_model, k, base=10000.0):
    M = np.zeros((d_model, d_model))
    for first, turn in zip(range(0, d_model, 2), _angles(k, d_model, base), strict=True):
        cos, sin = np.cos(turn), np.sin(turn)
        M[first : first + 2, first : first + 2] = [[cos, -sin], [sin, cos]]
    return M
