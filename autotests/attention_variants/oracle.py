"""Independent answers for `attention_variants`: one pair, one row or one draw at a time, and autograd."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

# ---- scores ----


def bilinear(q: Tensor, k: Tensor, W: Tensor) -> Tensor:
    """q^T W k by einsum."""
    return torch.einsum("bid,de,bje->bij", q, W, k)


def dot(q: Tensor, k: Tensor) -> Tensor:
    """q · k by einsum."""
    return torch.einsum("bid,bjd->bij", q, k)


def additive(q: Tensor, k: Tensor, W_q: Tensor, W_k: Tensor, v: Tensor) -> Tensor:
    """v^T tanh(W_q q + W_k k), one pair at a time."""
    pairs = [torch.dot(v, torch.tanh(W_q @ query + W_k @ key)) for query, key in _pairs(q, k)]
    return torch.stack(pairs).reshape(q.shape[0], q.shape[1], k.shape[1])


def gaussian(q: Tensor, k: Tensor, sigma: float) -> np.ndarray:
    """-|q - k|^2 / (2 sigma^2), one pair at a time, in Python's floats."""
    scores = [-0.5 * (math.dist(query, key) / sigma) ** 2 for query, key in _pairs(q, k)]
    return np.reshape(scores, (q.shape[0], q.shape[1], k.shape[1]))


def _pairs(q: Tensor, k: Tensor) -> list[tuple[Tensor, Tensor]]:
    return [(query, key) for queries, keys in zip(q, k, strict=True) for query in queries for key in keys]


# ---- soft and hard attention ----


def soft_attention(scores: Tensor, values: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """One query at a time, over its allowed keys only; a query without any gives zeros."""
    allowed = torch.ones_like(scores, dtype=torch.bool) if mask is None else mask.expand(scores.shape)
    contexts, weights = [], []
    for b, i in np.ndindex(scores.shape[:2]):
        keys = allowed[b, i].nonzero().flatten()
        row = torch.zeros(scores.shape[2], dtype=scores.dtype)
        row = row.index_put((keys,), scores[b, i, keys].softmax(dim=0))
        weights.append(row)
        contexts.append(row @ values[b])
    shape = scores.shape[:2]
    return torch.stack(contexts).reshape(*shape, -1), torch.stack(weights).reshape(*shape, -1)


def probabilities(scores: Sequence[float], allowed: Sequence[bool]) -> list[float]:
    """Softmax over the allowed entries, 0 elsewhere, in Python's floats."""
    weights = [math.exp(score) if may else 0.0 for score, may in zip(scores, allowed, strict=True)]
    return [weight / math.fsum(weights) for weight in weights]


# ---- gradients of the expected reward ----


def expected_reward_grad(scores: Tensor, rewards: Tensor) -> Tensor:
    """Autograd through softmax(scores) · rewards."""
    scores = scores.detach().clone().requires_grad_()
    return torch.autograd.grad(torch.dot(scores.softmax(dim=0), rewards), scores)[0]


def reinforce_grad(scores: Tensor, samples: Tensor, rewards: Tensor, baseline: float) -> Tensor:
    """The mean over the draws of (reward - baseline) times autograd's gradient of log p of the draw."""
    total = torch.zeros_like(scores)
    for sample, reward in zip(samples.tolist(), rewards.tolist(), strict=True):
        total += (reward - baseline) * grad_log_p(scores[None], torch.tensor([sample]))[0]
    return total / len(samples)


def grad_log_p(scores: Tensor, index: Tensor) -> Tensor:
    """Autograd's gradient of each row's log softmax at its index; scores (B, L), index (B,)."""
    scores = scores.detach().clone().requires_grad_()
    negative = torch.nn.functional.cross_entropy(scores, index, reduction="sum")
    return -torch.autograd.grad(negative, scores)[0]


# ---- the bound ----


def variational_bound(log_alpha: Tensor, log_lik: Tensor) -> tuple[float, float]:
    """Exact sums in Python's floats; the marginal by numpy's logaddexp, two terms at a time."""
    pairs = list(zip(log_alpha.tolist(), log_lik.tolist(), strict=True))
    bound = math.fsum(math.exp(alpha) * lik for alpha, lik in pairs)
    return bound, float(np.logaddexp.reduce([alpha + lik for alpha, lik in pairs]))
