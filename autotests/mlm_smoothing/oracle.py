"""Independent answers: loops over tokens, fractions, enumeration of every random choice, sets of pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import inf, log

import numpy as np

Z_LIMIT = 5.33  # two-sided, significance 1e-7
CHI_SQUARED_LIMITS = {2: 32.24, 17: 66.10, 30: 88.79}  # by degrees of freedom, significance 1e-7


def corrupt_token(
    token: int,
    special: bool,
    u_select: float,
    u_op: float,
    random_id: int,
    mask_id: int,
    select_prob: float,
    p_mask: float,
    p_random: float,
) -> tuple[int, int]:
    """(input, label) of one position."""
    if special or u_select >= select_prob:
        return token, -100
    if u_op >= p_mask + p_random:
        return token, token
    return (random_id if u_op >= p_mask else mask_id), token


def corrupt(
    *arrays: np.ndarray, mask_id: int, select_prob: float = 0.15, p_mask: float = 0.8, p_random: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """corrupt_token at every position of ids, is_special, u_select, u_op, random_ids."""
    rates = (mask_id, select_prob, p_mask, p_random)
    pairs = [
        corrupt_token(*values, *rates)
        for values in zip(*(array.ravel().tolist() for array in arrays), strict=True)
    ]
    inputs, labels = np.array(pairs, dtype=np.int64).T.reshape(2, *arrays[0].shape)
    return inputs, labels


def chi_squared(observed: np.ndarray, expected: np.ndarray) -> float:
    """Pearson's statistic; infinite if something impossible was observed."""
    possible = expected > 0
    if observed[~possible].any():
        return inf
    return float(((observed - expected)[possible] ** 2 / expected[possible]).sum())


def bigram_counts(tokens: np.ndarray, vocab_size: int) -> np.ndarray:
    """A dictionary of pairs."""
    pairs = Counter(zip(tokens.tolist()[:-1], tokens.tolist()[1:], strict=True))
    return np.array([[pairs[i, j] for j in range(vocab_size)] for i in range(vocab_size)], dtype=np.float64)


def interpolate(counts: np.ndarray, weights: list[float]) -> np.ndarray:
    """Weight of the bigram and, with what is left, of the unigram model, in exact fractions, row by row."""
    table = [[Fraction(c) for c in row] for row in counts.tolist()]
    columns = [sum(column) for column in zip(*table, strict=True)]
    rows = []
    for row, weight in zip(table, weights, strict=True):
        own = Fraction(weight) if sum(row) else Fraction(0)
        rows.append(
            [
                float(own * c / (sum(row) or 1) + (1 - own) * column / sum(columns))
                for c, column in zip(row, columns, strict=True)
            ]
        )
    return np.array(rows)


def noise_events(
    counts: np.ndarray, gamma: np.ndarray, q: np.ndarray
) -> Iterator[tuple[int, int, bool, float]]:
    """Each thing that can happen to a pair: (context shown, target, replaced or not, expected number)."""
    size = len(counts)
    for context in range(size):
        for target in range(size):
            count = counts[context, target]
            yield context, target, False, count * (1 - gamma[context])
            for drawn in range(size):
                yield drawn, target, True, count * gamma[context] * q[drawn]


def noised_counts(counts: np.ndarray, gamma: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The events, counted by what is shown."""
    total = np.zeros_like(counts)
    for shown, target, _, number in noise_events(counts, gamma, q):
        total[shown, target] += number
    return total


def own_share(counts: np.ndarray, gamma: float, q: np.ndarray) -> np.ndarray:
    """Of the pairs that show a context, the share that was not replaced; 0 where there are none."""
    own, shown_at_all = np.zeros(len(counts)), np.zeros(len(counts))
    for shown, _, replaced, number in noise_events(counts, np.full(len(counts), gamma), q):
        shown_at_all[shown] += number
        own[shown] += 0 if replaced else number
    return np.array([part / whole if whole else 0.0 for part, whole in zip(own, shown_at_all, strict=True)])


def posterior(p_ctx: np.ndarray, observed: int | None, keep: float, rand: float) -> np.ndarray:
    """The joint table of (original, shown); the last column is [MASK]. One column, normalised."""
    size = len(p_ctx)
    joint = np.zeros((size, size + 1))
    for original, p in enumerate(p_ctx):
        joint[original, original] += p * keep
        for drawn in range(size):
            joint[original, drawn] += p * rand / size
        joint[original, size] += p * (1 - keep - rand)
    column = joint[:, size if observed is None else observed]
    return column / column.sum()


def kn_noise(counts: np.ndarray, gamma0: float) -> tuple[np.ndarray, np.ndarray]:
    """Sets of neighbours."""
    size = range(len(counts))
    right = [{j for j in size if counts[i, j]} for i in size]
    left = [{i for i in size if counts[i, j]} for j in size]
    pairs = sum(map(len, left))
    gamma = [gamma0 * len(right[i]) / sum(counts[i]) if right[i] else 0.0 for i in size]
    return np.array(gamma), np.array([len(left[j]) / pairs for j in size])


def perplexity(P: np.ndarray, tokens: np.ndarray) -> float:
    """2 to the mean number of bits."""
    pairs = zip(tokens.tolist()[:-1], tokens.tolist()[1:], strict=True)
    bits = [-log(P[pair], 2) if P[pair] else inf for pair in pairs]
    return 2.0 ** (sum(bits) / len(bits))
