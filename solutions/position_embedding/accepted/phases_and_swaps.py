"""A cosine is a sine a quarter turn ahead; rope and the shift are x cos a + (pairs swapped) sin a."""

from __future__ import annotations

import numpy as np


def column_angles(positions, width, base):
    """The angle of every column, so that both columns of a pair have the same."""
    column = np.arange(width)
    return np.asarray(positions, dtype=float).reshape(-1, 1) / base ** ((column - column % 2) / width)


def swap_pairs(x):
    """(x0, x1) becomes (-x1, x0) in each pair."""
    swapped = x.reshape(*x.shape[:-1], -1, 2)[..., ::-1] * [-1.0, 1.0]
    return swapped.reshape(x.shape)


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if not (d_model > 1 and d_model % 2 == 0 and length > -1 and base > 0):
        raise ValueError(f"no codes for length={length}, d_model={d_model}, base={base}")
    positions = np.linspace(offset, offset + length, length, endpoint=False)
    return np.sin(column_angles(positions, d_model, base) + np.arange(d_model) % 2 * (np.pi / 2))


def shift_matrix(d_model, k, base=10000.0):
    angles = column_angles(k, d_model, base)
    identity = np.eye(d_model)
    return np.cos(angles) * identity + np.sin(angles) * swap_pairs(identity)


def add_positions(X, pe, scale=False):
    _, length, width = np.shape(X)
    if np.shape(pe)[0] < length or np.shape(pe)[1:] != (width,):
        raise ValueError("embeddings and codes do not fit")
    return np.stack([np.sqrt(width) ** bool(scale) * sentence + pe[:length] for sentence in X])


def self_attention(X, Wq, Wk, Wv, causal=False, bias=None):
    d = Wk.shape[1]
    later = np.triu(np.ones((len(X), len(X))), 1) if causal else 0.0
    scores = X @ Wq @ Wk.T @ X.T / np.sqrt(d) + (0.0 if bias is None else bias) - 1e30 * later
    return np.apply_along_axis(softmax, 1, scores) @ X @ Wv


def softmax(row):
    powers = np.exp(row - np.max(row))
    return powers / np.sum(powers)


def distance(a, b):
    """The largest difference of two entries; infinite if the shapes differ."""
    a, b = np.array(a), np.array(b)
    return np.max(np.abs(a - b)) if a.shape == b.shape else np.inf


def check_permutation(perm, n):
    counts = np.zeros(n, dtype=int)
    for index in perm.tolist():
        if not 0 <= index < n:
            raise ValueError(f"index {index} is out of range")
        counts[index] += 1
    if (counts != 1).any():
        raise ValueError("each index must occur once")


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    check_permutation(perm, len(X))
    plain = np.array(f(X))
    if plain.shape[:1] != X.shape[:1]:
        return False
    return distance(np.take(plain, perm, axis=0), f(np.take(X, perm, axis=0))) <= atol


def is_permutation_invariant(f, X, perm, atol=1e-8):
    check_permutation(perm, len(X))
    return distance(f(X), f(np.take(X, perm, axis=0))) <= atol


def rope(x, positions, base=10000.0):
    if x.shape[1] & 1:
        raise ValueError("odd width")
    angles = column_angles(positions, x.shape[1], base)
    return x * np.cos(angles) + swap_pairs(x) * np.sin(angles)


def relative_bias(length, table):
    size = len(table)
    if size % 2 != 1:
        raise ValueError(f"{size} entries")
    i, j = np.indices((length, length))
    place = size // 2 + j - i
    return np.where(place < 0, table[0], np.where(place >= size, table[-1], table[place % size]))
