"""Independent answers: autograd through logsigmoid and cross_entropy, limits by hand, random trees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import fsum

import numpy as np
import torch
import torch.nn.functional as F

LossAndGrads = tuple[float, np.ndarray, np.ndarray]
Tree = tuple[list[list[int]], list[list[int]]]


def noise(counts: np.ndarray, power: float) -> np.ndarray:
    """count**power over the words that occur, word by word."""
    weights = [float(count) ** power if count else 0.0 for count in counts]
    return np.array(weights) / fsum(weights)


def chi_squared(observed: np.ndarray, expected: np.ndarray) -> float:
    """Pearson's statistic over the categories that can occur."""
    possible = expected > 0
    return float(((observed - expected)[possible] ** 2 / expected[possible]).sum())


def sgns(center: np.ndarray, outside: np.ndarray, target: int, negatives: Iterable[int]) -> LossAndGrads:
    """Loss and gradients by autograd."""

    def loss(c: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
        return -F.logsigmoid(u[target].dot(c)) - sum(F.logsigmoid(-u[int(n)].dot(c)) for n in negatives)

    return _gradients(loss, center, outside)


def softmax(center: np.ndarray, outside: np.ndarray, target: int) -> LossAndGrads:
    """F.cross_entropy and autograd."""
    return _gradients(lambda c, u: F.cross_entropy((u @ c)[None], torch.tensor([target])), center, outside)


def hs(center: np.ndarray, inner: np.ndarray, code: list[int], path: list[int]) -> LossAndGrads:
    """Loss and gradients by autograd, one node after the other."""

    def loss(c: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
        dots = [u[node].dot(c) for node in path]
        return -sum(F.logsigmoid(-dot if bit else dot) for bit, dot in zip(code, dots, strict=True))

    return _gradients(loss, center, inner)


def _gradients(
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], *arrays: np.ndarray
) -> LossAndGrads:
    leaves = [torch.tensor(array, requires_grad=True) for array in arrays]
    value = loss(*leaves)
    grad_center, grad_rows = torch.autograd.grad(value, leaves)
    return float(value.detach()), grad_center.numpy(), grad_rows.numpy()


def exact_rows(rng: np.random.Generator, dots: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """A center (4,) and rows whose dot products with it are exactly these: few-bit numbers, no rounding."""
    center = rng.choice([-4.0, -2.0, -1.0, 1.0, 2.0, 4.0], size=4)
    rows = rng.integers(-9, 10, size=(len(dots), 4)).astype(np.float64)
    rows[:, 3] = (np.array(dots) - rows[:, :3] @ center[:3]) / center[3]
    return center, rows


def saturated_sgns(
    center: np.ndarray, outside: np.ndarray, target: int, negatives: list[int]
) -> LossAndGrads:
    """The limit of SGNS for huge dot products: a decision that is right costs nothing, a wrong one |dot|."""
    loss, grad_center, grad_outside = 0.0, np.zeros_like(center), np.zeros_like(outside)
    for word, sign in [(target, 1.0), *((n, -1.0) for n in negatives)]:
        dot = outside[word] @ center
        if sign * dot < 0:
            loss += abs(dot)
            grad_center -= sign * outside[word]
            grad_outside[word] -= sign * center
    return loss, grad_center, grad_outside


def random_tree(rng: np.random.Generator, size: int) -> Tree:
    """Codes and paths of a random binary tree with `size` leaves; leaves and inner nodes in random order."""
    ids = iter(rng.permutation(size - 1).tolist())
    codes: list[list[int]] = [[] for _ in range(size)]
    paths: list[list[int]] = [[] for _ in range(size)]
    waiting = [rng.permutation(size).tolist()]
    while waiting:
        words = waiting.pop()
        if len(words) == 1:
            continue
        node, cut = next(ids), int(rng.integers(1, len(words)))
        for bit, part in enumerate([words[:cut], words[cut:]]):
            waiting.append(part)
            for word in part:
                codes[word].append(bit)
                paths[word].append(node)
    return codes, paths


def optimal_cost(counts: np.ndarray) -> int:
    """The smallest sum(count * code length): every merge of the two smallest lengthens all codes below it."""
    weights, cost = sorted(counts.tolist()), 0
    while len(weights) > 1:
        merged = weights[0] + weights[1]
        cost += merged
        weights = sorted([*weights[2:], merged])
    return cost


def fibonacci(size: int) -> np.ndarray:
    """1, 1, 2, 3, 5, ...: no two merges are alike, and the optimal tree is as deep as a tree can be."""
    counts = [1, 1]
    while len(counts) < size:
        counts.append(counts[-1] + counts[-2])
    return np.array(counts)
