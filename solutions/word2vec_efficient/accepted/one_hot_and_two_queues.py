"""Inverse-transform sampling, one-hot products, and Huffman's tree by two queues, ids from the root."""

from __future__ import annotations

from collections import deque

import numpy as np


def noise_distribution(counts, power=0.75):
    counts = np.asarray(counts, dtype=np.float64)
    if np.any(counts < 0) or counts.sum() == 0:
        raise ValueError("counts must be nonnegative and not all 0")
    logs = np.log(counts, where=counts > 0, out=np.full_like(counts, -np.inf))
    weights = np.exp(power * logs, where=counts > 0, out=np.zeros_like(counts))
    return weights / weights.sum()


def sample_negatives(noise, k, target, seed):
    if k <= 0 or target < 0 or target >= len(noise):
        raise ValueError("k must be positive, target a word")
    possible = np.setdiff1d(np.flatnonzero(noise), [target])
    if possible.size == 0:
        raise ValueError("nothing but target to draw")
    steps = np.cumsum(noise[possible])
    uniforms = np.random.default_rng(seed).random(k) * steps[-1]
    return possible[np.searchsorted(steps, uniforms, side="right")]


def sigmoid(x):
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def softplus(x):
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def sgns_loss_and_grads(center, outside, target, negatives):
    """Each word's number of appearances as target and as negative, in one product each."""
    positive = np.eye(len(outside))[target]
    negative = np.bincount(np.asarray(negatives, dtype=np.intp), minlength=len(outside)).astype(float)
    dots = outside @ center
    loss = positive @ softplus(-dots) + negative @ softplus(dots)
    errors = negative * sigmoid(dots) - positive * sigmoid(-dots)
    return loss, outside.T @ errors, errors[:, None] * center


def softmax_loss_and_grads(center, outside, target):
    logits = outside @ center
    log_total = np.logaddexp.reduce(logits)
    errors = np.exp(logits - log_total) - np.eye(len(outside))[target]
    return log_total - logits[target], errors @ outside, errors[:, None] * center[None, :]


def sgns_sparse_step(center, fetch, target, negatives, lr):
    words = np.concatenate([np.asarray(negatives, dtype=np.int64), [target]])
    ids, first = np.unique(words, return_index=True)
    all_rows = fetch(words)
    signs = np.where(np.arange(len(words)) == len(words) - 1, 1.0, -1.0)
    margins = signs * (all_rows @ center)
    errors = -signs * sigmoid(-margins)
    one_hot = (ids[:, None] == words[None, :]).astype(float)
    new_rows = all_rows[first] - lr * np.outer(one_hot @ errors, center)
    return softplus(-margins).sum(), center - lr * (errors @ all_rows), ids, new_rows


def huffman(counts):
    counts = np.asarray(counts)
    size = counts.size
    if size == 0 or np.min(counts) <= 0:
        raise ValueError("positive counts of at least one word")
    leaves = deque((int(counts[word]), int(word)) for word in np.argsort(counts, kind="stable"))
    merged: deque[tuple[int, int]] = deque()  # made in the order of their counts

    def smallest():
        return merged.popleft() if not leaves or (merged and merged[0] < leaves[0]) else leaves.popleft()

    parent, bit = np.full(2 * size - 1, -1), np.zeros(2 * size - 1, dtype=int)
    for node in range(size, 2 * size - 1):
        (a, right), (b, left) = smallest(), smallest()
        parent[[left, right]], bit[right] = node, 1
        merged.append((a + b, node))
    codes, paths = [], []
    for word in range(size):
        code, path, node = [], [], word
        while parent[node] >= 0:
            code.append(bit[node])
            node = parent[node]
            path.append(2 * size - 2 - node)  # the root is made last and gets the id 0
        codes.append(np.array(code[::-1], dtype=np.int64))
        paths.append(np.array(path[::-1], dtype=np.int64))
    return codes, paths


def hs_log_prob(center, inner, code, path):
    bits, rows = np.array(code, dtype=bool), inner[np.array(path, dtype=np.intp)]
    dots = rows @ center
    return -softplus(np.where(bits, dots, -dots)).sum()


def hs_loss_and_grads(center, inner, code, path):
    visits = np.zeros((len(path), len(inner)))
    visits[np.arange(len(path)), path] = 1.0
    errors = (sigmoid(inner @ center) @ visits.T - 1.0 + np.array(code)) @ visits
    return -hs_log_prob(center, inner, code, path), errors @ inner, np.einsum("n,d->nd", errors, center)
