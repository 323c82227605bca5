"""UNTRUSTED SIDE. Importing once what every child would import again: the larger part of a fork server's
worth.

Only generic work: a child inherits this memory, so nothing of a test or a reference may ever come near it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

# Standard modules that submissions use or that numpy and torch import lazily on first use.
PRELOADED = (
    "collections",
    "copy",
    "dataclasses",
    "functools",
    "heapq",
    "itertools",
    "json",
    "math",
    "random",
    "re",
    "statistics",
    "traceback",
    "typing",
    "warnings",
)


def warm_up(libraries: Iterable[str]) -> None:
    """Import the libraries and run a little of each, single-threaded."""
    for name in PRELOADED:
        importlib.import_module(name)
    for library in libraries:
        _WARM_UPS[library]()


def _warm_numpy() -> None:
    import numpy as np

    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(4, 4))
    np.linalg.norm(np.linalg.solve(matrix, matrix @ matrix.T))
    np.einsum("ij,jk->ik", matrix, matrix)
    np.testing.assert_allclose(np.fft.ifft(np.fft.fft(matrix)).real, matrix, atol=1e-9)
    repr(matrix)


def _warm_torch() -> None:
    import torch
    import torch.nn.functional as F
    from torch import nn

    torch.set_num_threads(1)  # a pool of threads would be lost in the fork, and the child would hang
    torch.set_num_interop_threads(1)
    net = nn.Sequential(nn.Embedding(5, 8), nn.LayerNorm(8), nn.Linear(8, 8), nn.GELU(), nn.Dropout(0.1))
    for optimiser in (torch.optim.SGD(net.parameters(), 0.1), torch.optim.AdamW(net.parameters(), 0.1)):
        optimiser.zero_grad()
        hidden = net(torch.tensor([[0, 1, 2]]))
        attended = F.scaled_dot_product_attention(hidden, hidden, hidden, is_causal=True)
        loss: Any = F.cross_entropy(attended[0], torch.tensor([1, 2, 3]))
        loss.backward()
        optimiser.step()
    net.load_state_dict(net.state_dict())
    torch.randn(3, generator=torch.Generator().manual_seed(0), dtype=torch.float64).softmax(0).argmax()
    torch.testing.assert_close(torch.ones(2), torch.ones(2))
    str(torch.ones(2).masked_fill(torch.tensor([True, False]), -torch.inf))


_WARM_UPS = {"numpy": _warm_numpy, "torch": _warm_torch}
