"""Rejection sampling, a heap with ties broken at random, and Python loops for every loss and gradient."""

from __future__ import annotations

import heapq
import math
import random

import numpy as np


def noise_distribution(counts, power=0.75):
    if min(counts) < 0 or max(counts) == 0:
        raise ValueError("counts of words, please")
    weights = [float(count) ** power if count > 0 else 0.0 for count in counts]
    return [weight / math.fsum(weights) for weight in weights]


def sample_negatives(noise, k, target, seed):
    if k < 1 or target not in range(len(noise)):
        raise ValueError("nothing to draw, or an unknown target")
    if all(p == 0 for word, p in enumerate(noise) if word != target):
        raise ValueError("every draw would be rejected")
    rng, accepted = np.random.default_rng(seed), []
    while len(accepted) < k:
        draws = rng.choice(len(noise), size=k, p=noise).tolist()
        accepted += [word for word in draws if word != target]
    return accepted[:k]


def dot(u, v):
    return math.fsum(a * b for a, b in zip(u, v, strict=True))


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def log_sigmoid(x):
    return min(x, 0.0) - math.log1p(math.exp(-abs(x)))


def sgns_loss_and_grads(center, outside, target, negatives):
    labelled = [(target, 1), *((n, 0) for n in negatives)]
    loss, grad_center, grad_outside = 0.0, np.zeros(len(center)), np.zeros(outside.shape)
    for word, label in labelled:
        x = dot(outside[word], center)
        loss -= log_sigmoid(x if label else -x)
        error = sigmoid(x) - label
        for d in range(len(center)):
            grad_center[d] += error * outside[word][d]
            grad_outside[word, d] += error * center[d]
    return [loss, grad_center, grad_outside]


def softmax_loss_and_grads(center, outside, target):
    logits = [dot(row, center) for row in outside]
    largest = max(logits)
    total = math.fsum(math.exp(logit - largest) for logit in logits)
    grad_center, grad_outside = np.zeros(len(center)), []
    for word, logit in enumerate(logits):
        error = math.exp(logit - largest) / total - (word == target)
        grad_center += error * outside[word]
        grad_outside.append(error * center)
    return largest + math.log(total) - logits[target], grad_center, grad_outside


def sgns_sparse_step(center, fetch, target, negatives, lr):
    """Fetches the target, then all negatives with their repeats: K + 1 rows in two calls."""
    words = [int(target), *(int(n) for n in negatives)]
    rows = [*fetch(np.array(words[:1])), *fetch(np.array(words[1:], dtype=np.int64))]
    row_of = dict(zip(words, rows, strict=True))
    ids = sorted(row_of)
    place = {word: i for i, word in enumerate(ids)}
    loss, grad_center, grad_rows = sgns_loss_and_grads(
        center, np.array([row_of[word] for word in ids]), place[words[0]], [place[n] for n in words[1:]]
    )
    new_rows = [row_of[word] - lr * gradient for word, gradient in zip(ids, grad_rows, strict=True)]
    return loss, center - lr * grad_center, ids, new_rows


def huffman(counts):
    if len(counts) == 0 or min(counts) <= 0:
        raise ValueError("every word occurs")
    dice = random.Random(5)
    heap = [(int(count), dice.random(), word) for word, count in enumerate(counts)]
    heapq.heapify(heap)
    numbers = list(range(len(heap) - 1))
    dice.shuffle(numbers)
    while len(heap) > 1:
        pair = [heapq.heappop(heap), heapq.heappop(heap)]
        dice.shuffle(pair)
        (a, _, left), (b, _, right) = pair
        heapq.heappush(heap, (a + b, dice.random(), (numbers.pop(), left, right)))
    codes, paths = [None] * len(counts), [None] * len(counts)

    def walk(node, code, path):
        if isinstance(node, int):
            codes[node], paths[node] = code, path
        else:
            number, left, right = node
            walk(left, (*code, 0), (*path, number))
            walk(right, (*code, 1), (*path, number))

    walk(heap[0][2], (), ())
    return codes, paths


def hs_log_prob(center, inner, code, path):
    total = 0.0
    for bit, node in zip(code, path, strict=True):
        x = dot(inner[node], center)
        total += log_sigmoid(x) if bit == 0 else log_sigmoid(-x)
    return total


def hs_loss_and_grads(center, inner, code, path):
    grad_center, grad_inner = np.zeros(len(center)), [[0.0] * len(center) for _ in inner]
    for bit, node in zip(code, path, strict=True):
        error = sigmoid(dot(inner[node], center)) - (1 - bit)
        for d in range(len(center)):
            grad_center[d] += error * inner[node][d]
            grad_inner[node][d] += error * center[d]
    return -hs_log_prob(center, inner, code, path), grad_center, grad_inner
