"""The reference of the corpus' target: a function for each way in which a hidden test can look at answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
CANARY = "canary-of-the-reference"  # must never be seen behind the wall


def standardise(x: Array) -> Array:
    """Rows with mean 0 and standard deviation 1."""
    ### BEGIN SOLUTION
    return np.asarray((x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True))
    ### END SOLUTION


def entropy(p: Array) -> float:
    """Entropy of a distribution, in nats."""
    ### BEGIN SOLUTION
    return float(-(p * np.log(p)).sum())
    ### END SOLUTION


def pick(items: Sequence[float], k: int) -> list[float]:
    """The `k` largest items, largest first. Raises ValueError for a `k` below zero or beyond their number."""
    ### BEGIN SOLUTION
    if not 0 <= k <= len(items):
        raise ValueError(f"k is {k}, of {len(items)} items")
    return sorted(items, reverse=True)[:k]
    ### END SOLUTION


def iterate(step_fn: Callable[[float], float], start: float, limit: float) -> list[float]:
    """`start` and what repeated `step_fn` makes of it, up to the first value that is at least `limit`."""
    ### BEGIN SOLUTION
    values = [start]
    while values[-1] < limit:
        values.append(step_fn(values[-1]))
    return values
    ### END SOLUTION


class Meter:
    """A running mean."""

    def __init__(self, unit: str) -> None:
        ### BEGIN SOLUTION
        self.unit = unit
        self.total = 0.0
        self.count = 0
        ### END SOLUTION

    def add(self, value: float) -> float:
        """Take a value in; return the mean of all so far."""
        ### BEGIN SOLUTION
        self.total += value
        self.count += 1
        return self.total / self.count
        ### END SOLUTION


def clip(x: Array, bound: float) -> Array:
    """`x` with every value moved into [-bound, bound]. `x` itself must not change."""
    ### BEGIN SOLUTION
    return np.clip(x, -bound, bound)
    ### END SOLUTION


def ranks(x: Array) -> Array:
    """Rank of every value, 0 for the smallest; the values are distinct. Without numpy.argsort."""
    ### BEGIN SOLUTION
    return (x[:, None] > x[None, :]).sum(-1)
    ### END SOLUTION
