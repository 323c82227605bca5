"""Each pair is one complex number, codes and rotations are powers of e; the bias is a Toeplitz matrix."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def hands(positions, width, base):
    """exp(i a) for each position and pair."""
    return np.exp(1j * np.outer(positions, np.power(float(base), -2 * np.arange(width // 2) / width)))


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    if d_model % 2 or d_model <= 0 or length < 0 or not base > 0:
        raise ValueError("sizes or base out of range")
    z = hands(offset + np.arange(length), d_model, base)
    pe = np.empty((length, d_model))
    pe[:, ::2] = z.imag
    pe[:, 1::2] = z.real
    return pe


def shift_matrix(d_model, k, base=10000.0):
    z = hands([k], d_model, base)[0]
    blocks = np.zeros((len(z), 2, len(z), 2))
    pair = np.arange(len(z))
    blocks[pair, 0, pair, 0] = blocks[pair, 1, pair, 1] = z.real
    blocks[pair, 0, pair, 1] = z.imag
    blocks[pair, 1, pair, 0] = -z.imag
    return blocks.reshape(d_model, d_model)


def add_positions(X, pe, scale=False):
    length, width = X.shape[-2:]
    if pe.shape[0] < length or pe.shape[-1] != width:
        raise ValueError(f"codes {pe.shape} do not fit embeddings {X.shape}")
    result = X.copy()
    if scale:
        result *= width**0.5
    result += pe[None, :length]
    return result


def self_attention(X, Wq, Wk, Wv, causal=False, bias=None):
    q, k, v = X @ Wq, X @ Wk, X @ Wv
    scores = np.einsum("id,jd->ij", q * q.shape[-1] ** -0.5, k)
    scores = scores if bias is None else scores + bias
    if causal:
        scores[np.triu_indices(len(X), 1)] = -np.inf
    log_total = np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    return np.exp(scores - log_total) @ v


def check(perm, X):
    if len(perm) != len(X) or set(perm.tolist()) != set(range(len(X))):
        raise ValueError("perm must hold each index once")


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    """Takes the permutation back instead of applying it."""
    check(perm, X)
    there = np.asarray(f(X[perm]))
    here = np.asarray(f(X))
    if there.shape != here.shape or here.ndim < 1 or len(here) != len(X):
        return np.False_
    return np.abs(there[np.argsort(perm)] - here).max() <= atol


def is_permutation_invariant(f, X, perm, atol=1e-8):
    check(perm, X)
    here, there = np.asarray(f(X)), np.asarray(f(X[perm]))
    return here.shape == there.shape and (np.abs(here - there) <= atol).all()


def rope(x, positions, base=10000.0):
    if x.shape[-1] % 2:
        raise ValueError("complex numbers need pairs")
    z = np.ascontiguousarray(x, dtype=np.float64).view(np.complex128)
    return (z * hands(positions, x.shape[-1], base)).view(np.float64)


def relative_bias(length, table):
    farthest, remainder = divmod(len(table) - 1, 2)
    if remainder:
        raise ValueError("the table must have a middle")
    diagonals = np.arange(1 - length, length).clip(-farthest, farthest) + farthest
    return sliding_window_view(table[diagonals], length)[::-1]
