"""Plain Python: loops over single values, math instead of numpy, nested lists where arrays are meant."""

from __future__ import annotations

import math

import numpy as np


def require(condition, message):
    if not condition:
        raise ValueError(message)


def frequency(i, width, base):
    return math.exp(-2 * i * math.log(base) / width)


def sinusoidal_pe(length, d_model, base=10000.0, offset=0):
    require(d_model >= 2, "d_model must be positive")
    require(d_model % 2 == 0, "d_model must be even")
    require(length >= 0, "length must not be negative")
    require(base > 0, "base must be positive")
    pe = np.zeros((length, d_model))
    for r in range(length):
        for i in range(d_model // 2):
            a = (offset + r) * frequency(i, d_model, base)
            pe[r, 2 * i] = math.sin(a)
            pe[r, 2 * i + 1] = math.cos(a)
    return pe


def shift_matrix(d_model, k, base=10000.0):
    M = np.zeros((d_model, d_model))
    for i in range(d_model // 2):
        t = k * frequency(i, d_model, base)
        block = [[math.cos(t), math.sin(t)], [-math.sin(t), math.cos(t)]]
        M[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = block
    return M


def add_positions(X, pe, scale=False):
    batch, length, width = X.shape
    require(length <= pe.shape[0], "not enough codes")
    require(width == pe.shape[1], "widths differ")
    factor = math.sqrt(width) if scale else 1
    return [
        [[float(X[b, p, d]) * factor + float(pe[p, d]) for d in range(width)] for p in range(length)]
        for b in range(batch)
    ]


def dot(a, b):
    return sum(float(x) * float(y) for x, y in zip(a, b, strict=True))


def self_attention(X, Wq, Wk, Wv, causal=False, bias=None):
    queries, keys, values = ([[dot(row, column) for column in W.T] for row in X] for W in (Wq, Wk, Wv))
    output = []
    for i, query in enumerate(queries):
        seen = range(i + 1) if causal else range(len(keys))
        scores = [dot(query, keys[j]) / math.sqrt(len(query)) for j in seen]
        if bias is not None:
            scores = [score + float(bias[i, j]) for j, score in zip(seen, scores, strict=True)]
        top = max(scores)
        weights = [math.exp(score - top) for score in scores]
        total = math.fsum(weights)
        output.append(
            [sum(w * values[j][c] for j, w in enumerate(weights)) / total for c in range(len(values[0]))]
        )
    return output


def same(a, b, atol):
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    return all(abs(x - y) <= atol for x, y in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True))


def shuffled(X, perm):
    require(sorted(int(i) for i in perm) == list(range(len(X))), "not a permutation")
    return np.array([X[i] for i in perm])


def is_permutation_equivariant(f, X, perm, atol=1e-8):
    permuted = shuffled(X, perm)
    plain = np.asarray(f(X))
    if plain.ndim == 0 or len(plain) != len(X):
        return False
    return same(f(permuted), [plain[i] for i in perm], atol)


def is_permutation_invariant(f, X, perm, atol=1e-8):
    return same(f(shuffled(X, perm)), f(X), atol)


def rope(x, positions, base=10000.0):
    width = x.shape[1]
    require(width % 2 == 0, "d must be even")
    rows = []
    for row, p in zip(x.tolist(), positions, strict=True):
        turned = []
        for i in range(width // 2):
            a = int(p) * frequency(i, width, base)
            x0, x1 = row[2 * i], row[2 * i + 1]
            turned += [x0 * math.cos(a) - x1 * math.sin(a), x0 * math.sin(a) + x1 * math.cos(a)]
        rows.append(turned)
    return rows


def relative_bias(length, table):
    require(len(table) % 2 == 1, "2K + 1 is odd")
    K = (len(table) - 1) // 2
    return [[float(table[max(-K, min(K, j - i)) + K]) for j in range(length)] for i in range(length)]
