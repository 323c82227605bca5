"""LayerNorm averages over the first axis, so a token's result depends on the other rows."""

import numpy as np


def _averaged_axes(x: np.ndarray, kind: str) -> tuple[int, ...]:
    if kind == "layer":
        return (0,)
    if kind == "batch":
        return tuple(range(x.ndim - 1))
    raise ValueError(kind)
