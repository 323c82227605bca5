"""Independent answers: numpy's average, loops over pairs, decimals of 60 digits, torch's attention."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import fsum, hypot

import numpy as np
import torch
import torch.nn.functional as F


def superpose(sense_vectors: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """np.average over the senses."""
    return np.average(sense_vectors, axis=0, weights=counts)


def mean_where(labels: np.ndarray, vectors: np.ndarray, label: int) -> np.ndarray:
    """The mean of the vectors with one label, summed exactly."""
    chosen = [vector for one, vector in zip(labels, vectors, strict=True) if one == label]
    return np.array([fsum(column) / len(chosen) for column in zip(*chosen, strict=True)])


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """a . b / (|a| |b|), and 0 if either is zero."""
    lengths = hypot(*a) * hypot(*b)
    return fsum(a * b) / lengths if lengths else 0.0


def self_similarity(vectors: np.ndarray) -> float:
    """A double loop over ordered pairs."""
    pairs = [cosine(a, b) for i, a in enumerate(vectors) for j, b in enumerate(vectors) if i != j]
    return fsum(pairs) / len(pairs)


def posterior(
    context: np.ndarray, sense_vectors: np.ndarray, prior: np.ndarray, tau: float = 1.0
) -> np.ndarray:
    """The definition as it stands: decimals know exp(1e6), so nothing needs to be shifted."""
    with localcontext(prec=60):
        rows, senses = _exact(context), _exact(sense_vectors)
        mean = [sum(column) / len(rows) for column in zip(*rows, strict=True)] or [Decimal(0)] * len(
            senses[0]
        )
        weights = []
        for p, sense in zip(prior.tolist(), senses, strict=True):
            score = sum(x * y for x, y in zip(sense, mean, strict=True)) / Decimal(tau)
            weights.append(Decimal(p) * score.exp())
        return np.array([float(weight / sum(weights)) for weight in weights])


def contextual_embedding(
    context: np.ndarray, sense_vectors: np.ndarray, prior: np.ndarray, tau: float = 1.0
) -> np.ndarray:
    """np.average over the senses with the exact posterior as weights."""
    return superpose(sense_vectors, posterior(context, sense_vectors, prior, tau))


def contextualize(
    X: np.ndarray, window: int, tau: float = 1.0, include_self: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Torch's attention with a banded mask; one-hot values show A. Each row needs an allowed key."""
    n, d = X.shape
    x, one_hot = torch.tensor(X), torch.eye(n, dtype=torch.float64)
    band = torch.ones(n, n, dtype=torch.bool).triu(-window).tril(window)
    mask = band if include_self else band & ~one_hot.bool()
    H, A = (
        F.scaled_dot_product_attention(x, x, v, attn_mask=mask, scale=1 / (tau * d**0.5))
        for v in (x, one_hot)
    )
    return H.numpy(), A.numpy()


def nearest(vectors: np.ndarray, ids: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Sense ids by sorting: the largest cosine first. Only for data without ties."""
    return np.array(
        [max((cosine(v, c), i) for i, c in zip(ids.tolist(), centroids, strict=True))[1] for v in vectors]
    )


def _exact(vectors: np.ndarray) -> list[list[Decimal]]:
    return [[Decimal(x) for x in row] for row in vectors.tolist()]
