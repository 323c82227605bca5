"""BatchNorm of (N, T, D) averages over the first axis only: every position gets statistics of its own."""

import numpy as np


def _averaged_axes(x: np.ndarray, kind: str) -> tuple[int, ...]:
    if kind == "layer":
        return (x.ndim - 1,)
    if kind == "batch":
        return (0,)
    raise ValueError(kind)
