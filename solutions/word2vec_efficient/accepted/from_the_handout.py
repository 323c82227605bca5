"""Word2vec's two training schemes, done as one thing: a batch of signed yes-or-no decisions over a few rows.

Negative sampling and hierarchical softmax both come down to -sum_j log sigma(s_j * row_j . center) with signs
s_j = +-1; `_decide` computes that and its gradients, the public functions choose rows and signs. Huffman's
tree is built with the two-queue method from sorted counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np


def _ids(values) -> np.ndarray:
    return np.asarray(values, dtype=np.int64).reshape(-1)


def _decide(center: np.ndarray, rows: np.ndarray, signs: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Loss -sum log sigma(signs * rows @ center), and its gradients by center and by each of the rows."""
    margin = signs * (rows @ center)
    loss = np.logaddexp(0.0, -margin).sum()  # -log sigma(x) = log(1 + e^-x)
    slope = -signs * np.exp(-np.logaddexp(0.0, margin))  # -s * sigma(-x)
    return float(loss), slope @ rows, np.outer(slope, center)


def _sgns_decisions(target: int, negatives: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row ids, the target first and repeats kept, and their signs."""
    ids = np.concatenate([_ids(target), _ids(negatives)])
    signs = np.full(len(ids), -1.0)
    signs[0] = 1.0
    return ids, signs


def noise_distribution(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """P(w) proportional to counts[w]**power, and 0 for words that never occur. ValueError for bad counts."""
    counts = np.asarray(counts, dtype=np.float64)
    if (counts < 0).any():
        raise ValueError("a count is negative")
    seen = counts > 0
    if not seen.any():
        raise ValueError("no word occurs")
    weights = np.zeros_like(counts)
    weights[seen] = (counts[seen] / counts.max()) ** power
    return weights / weights.sum()


def sample_negatives(noise: np.ndarray, k: int, target: int, seed: int) -> np.ndarray:
    """k independent draws from noise, conditioned on not being target. ValueError if that is impossible."""
    weights = np.array(noise, dtype=np.float64)
    if k < 1:
        raise ValueError("k must be at least 1")
    if not 0 <= target < len(weights):
        raise ValueError("target is not in the vocabulary")
    weights[target] = 0.0
    candidates = np.flatnonzero(weights > 0)
    if candidates.size == 0:
        raise ValueError("there is no possible negative")
    p = weights[candidates] / weights[candidates].sum()
    return np.random.default_rng(seed).choice(candidates, size=k, p=p).astype(np.int64)


def sgns_loss_and_grads(
    center: np.ndarray, outside: np.ndarray, target: int, negatives: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """SGNS loss of one pair and its gradients by center (D,) and outside (V, D); each repeat counts."""
    center, outside = np.asarray(center, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    ids, signs = _sgns_decisions(target, negatives)
    loss, d_center, d_rows = _decide(center, outside[ids], signs)
    d_outside = np.zeros_like(outside)
    np.add.at(d_outside, ids, d_rows)
    return loss, d_center, d_outside


def softmax_loss_and_grads(
    center: np.ndarray, outside: np.ndarray, target: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """-log softmax(outside @ center)[target] and its gradients by center (D,) and outside (V, D)."""
    center, outside = np.asarray(center, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    logits = outside @ center
    logits = logits - logits.max()
    log_p = logits - np.log(np.exp(logits).sum())
    error = np.exp(log_p)
    error[target] -= 1.0
    return float(-log_p[target]), error @ outside, np.outer(error, center)


def sgns_sparse_step(
    center: np.ndarray,
    fetch: Callable[[np.ndarray], np.ndarray],
    target: int,
    negatives: np.ndarray,
    lr: float,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """One SGD step on the SGNS loss that fetches each touched row once: (loss, new_center, ids, new_rows)."""
    center = np.asarray(center, dtype=np.float64)
    all_ids, signs = _sgns_decisions(target, negatives)
    ids, where = np.unique(all_ids, return_inverse=True)
    rows = np.array(fetch(ids.copy()), dtype=np.float64)
    loss, d_center, d_each = _decide(center, rows[where], signs)
    d_rows = np.zeros_like(rows)
    np.add.at(d_rows, where, d_each)
    return loss, center - lr * d_center, ids, rows - lr * d_rows


def huffman(counts: np.ndarray) -> tuple[list[list[int]], list[list[int]]]:
    """Codes and paths of a Huffman tree; inner nodes are numbered in the order in which they are merged."""
    weights = np.asarray(counts).tolist()  # Python numbers: sums of integers cannot overflow
    if not weights or not all(w > 0 for w in weights):
        raise ValueError("counts must be positive, and there must be at least one")
    size = len(weights)

    # Merged weights never decrease, so both queues stay sorted. Nodes: word w is w, inner node i is size + i.
    leaves = deque(sorted(((w, word) for word, w in enumerate(weights))))
    merged: deque = deque()

    def pop_smallest():
        if not merged or (leaves and leaves[0][0] <= merged[0][0]):
            return leaves.popleft()
        return merged.popleft()

    children = []
    for inner in range(size - 1):
        (w0, left), (w1, right) = pop_smallest(), pop_smallest()
        children.append((left, right))
        merged.append((w0 + w1, size + inner))

    # The root was made last and every node after its children, so backwards each parent comes first.
    codes: list[list[int]] = [[] for _ in range(2 * size - 1)]
    paths: list[list[int]] = [[] for _ in range(2 * size - 1)]
    for inner in reversed(range(size - 1)):
        node = size + inner
        for bit, child in enumerate(children[inner]):
            codes[child] = [*codes[node], bit]
            paths[child] = [*paths[node], inner]
    return codes[:size], paths[:size]


def hs_log_prob(center: np.ndarray, inner: np.ndarray, code: list[int], path: list[int]) -> float:
    """log P(word | centre): the sum of log sigma(+ dot) at bits 0 and log sigma(- dot) at bits 1."""
    rows = np.asarray(inner, dtype=np.float64)[_ids(path)]
    loss, _, _ = _decide(np.asarray(center, dtype=np.float64), rows, 1.0 - 2.0 * _ids(code))
    return 0.0 - loss


def hs_loss_and_grads(
    center: np.ndarray, inner: np.ndarray, code: list[int], path: list[int]
) -> tuple[float, np.ndarray, np.ndarray]:
    """-hs_log_prob and its gradients by center (D,) and inner (V - 1, D)."""
    center, inner = np.asarray(center, dtype=np.float64), np.asarray(inner, dtype=np.float64)
    nodes = _ids(path)
    loss, d_center, d_rows = _decide(center, inner[nodes], 1.0 - 2.0 * _ids(code))
    d_inner = np.zeros_like(inner)
    d_inner[nodes] = d_rows
    return loss, d_center, d_inner
