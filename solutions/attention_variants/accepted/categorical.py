"""torch.distributions.Categorical where it fits, autograd for both gradients, nan_to_num for empty rows.

The NaN of an empty row does no harm in the backward pass here: `masked_fill` passes no gradient to the places
it filled, and an empty row is filled everywhere.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical


def dot_score(q, k):
    *_, width = q.shape
    if k.shape[2] != width:
        raise ValueError("q and k must be equally wide")
    return torch.einsum("bqd,bkd->bqk", q, k)


def scaled_dot_score(q, k):
    return dot_score(q, k) / np.sqrt(k.shape[2])


def gaussian_score(q, k, sigma):
    if sigma <= 0.0:
        raise ValueError(sigma)
    score = torch.zeros(q.shape[0], q.shape[1], k.shape[1], dtype=q.dtype)
    for d in range(q.shape[2]):
        score = score - (q[:, :, None, d] - k[:, None, :, d]) ** 2
    return score / 2 / sigma / sigma


class BilinearScore(nn.Module):
    def __init__(self, d_q, d_k):
        super().__init__()
        self.W = nn.Parameter(torch.zeros(d_q, d_k))

    def forward(self, q, k):
        return torch.einsum("bqd,de,bke->bqk", q, self.W, k)


class AdditiveScore(nn.Module):
    def __init__(self, d_q, d_k, d_a):
        super().__init__()
        self.v = nn.Parameter(torch.ones(d_a))
        self.W_q, self.W_k = (nn.Parameter(torch.randn(d_a, width)) for width in (d_q, d_k))

    def forward(self, q, k):
        both = torch.cat([self.W_q, self.W_k], dim=1)
        lengths = (-1, q.shape[1], k.shape[1], -1)
        pairs = torch.cat([q.unsqueeze(2).expand(lengths), k.unsqueeze(1).expand(lengths)], dim=3)
        return torch.tanh(pairs @ both.mT) @ self.v


def soft_attention(scores, values, mask=None):
    if mask is None:
        weights = torch.softmax(scores, -1)
    elif mask.dtype == torch.bool:
        weights = scores.masked_fill(mask.logical_not(), float("-inf")).softmax(-1).nan_to_num(nan=0.0)
    else:
        raise ValueError("mask.dtype must be torch.bool")
    return torch.matmul(weights, values), weights


def hard_attention(scores, values, u, mask=None):
    if mask is not None:
        if mask.dtype != torch.bool or (~mask).all(1).any():
            raise ValueError("a mask allows something, and says so in booleans")
        scores = torch.where(mask, scores, -torch.inf)
    distribution = Categorical(logits=scores)
    p = distribution.probs.detach().numpy()
    index = np.zeros(len(p), dtype=np.int64)
    for b, steps in enumerate(np.cumsum(p, axis=1)):
        above = np.flatnonzero(u[b].item() < steps)
        index[b] = above[0] if above.size else np.flatnonzero(p[b])[-1]
    index = torch.from_numpy(index)
    return torch.take_along_dim(values, index[:, None, None], 1)[:, 0], index, distribution.log_prob(index)


def expected_reward_grad(scores, rewards):
    def expected(logits):
        return Categorical(logits=logits).probs @ rewards

    return torch.autograd.functional.jacobian(expected, scores)


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if samples.shape == (0,):
        raise ValueError("at least one sample")
    logits = scores.detach().requires_grad_()
    objective = ((rewards - baseline) * Categorical(logits=logits).log_prob(samples)).mean()
    return torch.autograd.grad(objective, logits)[0]


class ReinforceLoss(nn.Module):
    def forward(self, scores, index, reward, baseline=None):
        if baseline is None:
            baseline = torch.zeros(())
        log_prob = Categorical(logits=scores).log_prob(index)
        return torch.mean((baseline - reward).detach() * log_prob)


def variational_bound(log_alpha, log_lik):
    log_marginal = log_alpha[0] + log_lik[0]
    for term in (log_alpha + log_lik)[1:]:
        log_marginal = torch.logaddexp(log_marginal, term)
    return torch.dot(torch.exp(log_alpha), log_lik), log_marginal
