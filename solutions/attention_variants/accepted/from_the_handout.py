"""Scores, soft and hard attention, REINFORCE: masks become -inf scores, rows without a key are zeroed."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def _same_width(q: Tensor, k: Tensor) -> None:
    """ValueError unless queries and keys are equally wide."""
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"queries of width {q.shape[-1]}, keys of width {k.shape[-1]}")


def _bool_mask(mask: Tensor) -> Tensor:
    """The mask itself; ValueError if it is not bool."""
    if mask.dtype != torch.bool:
        raise ValueError(f"mask must be torch.bool, not {mask.dtype}")
    return mask


def _small(*shape: int) -> nn.Parameter:
    """A random parameter, the smaller the wider its last axis."""
    return nn.Parameter(torch.randn(*shape) * max(shape[-1], 1) ** -0.5)


def dot_score(q: Tensor, k: Tensor) -> Tensor:
    """Inner product of every query with every key."""
    _same_width(q, k)
    return q @ k.mT


def scaled_dot_score(q: Tensor, k: Tensor) -> Tensor:
    """Inner product over the square root of the width."""
    return dot_score(q, k) / q.shape[-1] ** 0.5


def gaussian_score(q: Tensor, k: Tensor, sigma: float) -> Tensor:
    """Minus the squared distance over 2 sigma^2; subtracted first, squared afterwards."""
    _same_width(q, k)
    if not sigma > 0:
        raise ValueError("sigma must be positive")
    offset = q.unsqueeze(2) - k.unsqueeze(1)
    return -offset.square().sum(-1) / (2 * sigma**2)


class BilinearScore(nn.Module):
    """q^T W k."""

    def __init__(self, d_q: int, d_k: int) -> None:
        """Make W (d_q, d_k)."""
        super().__init__()
        self.W = _small(d_q, d_k)

    def forward(self, q: Tensor, k: Tensor) -> Tensor:
        """Scores (B, Lq, Lk)."""
        return dot_score(q @ self.W, k)


class AdditiveScore(nn.Module):
    """v^T tanh(W_q q + W_k k)."""

    def __init__(self, d_q: int, d_k: int, d_a: int) -> None:
        """Make W_q (d_a, d_q), W_k (d_a, d_k) and v (d_a,)."""
        super().__init__()
        self.W_q = _small(d_a, d_q)
        self.W_k = _small(d_a, d_k)
        self.v = _small(d_a)

    def forward(self, q: Tensor, k: Tensor) -> Tensor:
        """Scores (B, Lq, Lk)."""
        from_q, from_k = q @ self.W_q.mT, k @ self.W_k.mT
        return torch.tanh(from_q.unsqueeze(2) + from_k.unsqueeze(1)) @ self.v


def soft_attention(scores: Tensor, values: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Average of the values with the weights softmax(scores) over the allowed keys."""
    if mask is None:
        weights = scores.softmax(-1)
    else:
        hidden = ~_bool_mask(mask).expand(scores.shape)
        # A row that is -inf throughout would be NaN, forwards and backwards; give it zeros to work on.
        hopeless = hidden.all(-1, keepdim=True)
        logits = scores.masked_fill(hidden, -torch.inf).masked_fill(hopeless, 0.0)
        weights = logits.softmax(-1).masked_fill(hidden, 0.0)
    return weights @ values, weights


def hard_attention(
    scores: Tensor, values: Tensor, u: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """One value a row, found by inverting the cumulative sum of softmax(scores) at u."""
    allowed = torch.ones_like(scores, dtype=torch.bool) if mask is None else _bool_mask(mask)
    if not allowed.any(-1).all():
        raise ValueError("a row has no allowed key")
    logits = scores.masked_fill(~allowed, -torch.inf)

    p = logits.detach().softmax(-1)
    n_keys = p.shape[-1]
    position = torch.arange(n_keys, device=p.device).expand_as(p)
    possible = p > 0
    reached = possible & (u.unsqueeze(-1) < p.cumsum(-1))
    first = position.masked_fill(~reached, n_keys).amin(-1)
    last = position.masked_fill(~possible, -1).amax(-1)
    index = torch.minimum(first, last)  # first is n_keys where rounding left none

    context = values[torch.arange(len(index), device=p.device), index]
    log_prob = logits.log_softmax(-1).gather(-1, index.unsqueeze(-1)).squeeze(-1)
    return context, index, log_prob


@torch.no_grad()
def expected_reward_grad(scores: Tensor, rewards: Tensor) -> Tensor:
    """p_i (R_i - E[R]), exact; rewards are counted from the best one, which changes nothing but rounding."""
    p, regret = scores.softmax(-1), rewards - rewards.max()
    return p * (regret - p @ regret)


@torch.no_grad()
def reinforce_grad(scores: Tensor, samples: Tensor, rewards: Tensor, baseline: float = 0.0) -> Tensor:
    """Mean over the draws of (reward - baseline) (onehot - p)."""
    if samples.numel() == 0:
        raise ValueError("the mean of no draws")
    advantage = rewards.to(scores.dtype) - baseline
    earned = torch.zeros_like(scores).index_add(0, samples, advantage)
    return (earned - advantage.sum() * scores.softmax(-1)) / len(samples)


class ReinforceLoss(nn.Module):
    """-(1/B) sum_b (reward_b - baseline_b) log softmax(scores_b)[index_b]."""

    def forward(
        self, scores: Tensor, index: Tensor, reward: Tensor, baseline: Tensor | None = None
    ) -> Tensor:
        """The scalar loss; only scores get a gradient."""
        advantage = reward.detach() if baseline is None else reward.detach() - baseline.detach()
        log_p = scores.log_softmax(-1).gather(1, index.unsqueeze(1)).squeeze(1)
        return -(advantage * log_p).mean()


def variational_bound(log_alpha: Tensor, log_lik: Tensor) -> tuple[Tensor, Tensor]:
    """The expectation of log_lik, and the logarithm of the expected likelihood."""
    return log_alpha.exp() @ log_lik, torch.logsumexp(log_alpha + log_lik, dim=0)
