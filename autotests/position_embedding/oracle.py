"""Independent answers: scalar loops, complex numbers, torch's attention; and functions of known symmetry."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F

from grader.judge.testing import as_array

Function = Callable[[np.ndarray], np.ndarray]


def sinusoids(length: int, width: int, base: float = 10000.0, offset: int = 0) -> np.ndarray:
    """Value by value, with math.sin and math.cos of p / base**(2i / d)."""
    table = np.empty((length, width))
    for row in range(length):
        for column in range(width):
            angle = (offset + row) / math.pow(base, (column - column % 2) / width)
            table[row, column] = math.sin(angle) if column % 2 == 0 else math.cos(angle)
    return table


def attention(
    X: np.ndarray,
    Wq: np.ndarray,
    Wk: np.ndarray,
    Wv: np.ndarray,
    causal: bool = False,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """F.scaled_dot_product_attention with a float mask."""
    mask = torch.zeros(len(X), len(X), dtype=torch.float64) if bias is None else torch.tensor(bias)
    if causal:
        mask = mask.masked_fill(torch.ones(len(X), len(X), dtype=torch.bool).triu(1), -torch.inf)
    q, k, v = (torch.tensor(X) @ torch.tensor(W) for W in (Wq, Wk, Wv))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask).numpy()


def rotated(x: np.ndarray, positions: np.ndarray, base: float = 10000.0) -> np.ndarray:
    """Each pair as a complex number, times exp(i a)."""
    width = x.shape[1]
    result = np.empty_like(x)
    for row, position in enumerate(positions.tolist()):
        for first in range(0, width, 2):
            angle = position / math.pow(base, first / width)
            number = complex(x[row, first], x[row, first + 1]) * cmath.exp(1j * angle)
            result[row, first : first + 2] = number.real, number.imag
    return result


def distance_bias(length: int, table: np.ndarray) -> np.ndarray:
    """Each entry from the middle of the table, going right or left one step at a time, at most to its end."""
    values = table.tolist()
    bias = np.empty((length, length))
    for i in range(length):
        for j in range(length):
            place = len(values) // 2
            for _ in range(abs(j - i)):
                place = min(place + 1, len(values) - 1) if j > i else max(place - 1, 0)
            bias[i, j] = values[place]
    return bias


def long_cycle(rng: np.random.Generator, n: int) -> np.ndarray:
    """A random permutation that is a single cycle: for n > 2 no point stays and it is not its own inverse."""
    order = rng.permutation(n)
    perm = np.empty(n, dtype=np.int64)
    perm[order] = np.roll(order, 1)
    return perm


class Watched:
    """A function for the student to call: checks what it is given and counts the calls."""

    def __init__(self, function: Function, shape: tuple[int, ...]) -> None:
        self.function, self.shape, self.calls = function, shape, 0

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """The function's value."""
        self.calls += 1
        x = as_array(x, "the argument of f")
        assert x.shape == self.shape, f"f was called with shape {x.shape}, not {self.shape}"
        return self.function(x)
