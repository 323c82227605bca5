"""Loops over queries, keys, rows and draws; cdist for the Gaussian score; numbers instead of 0-d tensors."""

from __future__ import annotations

import math

import torch
from torch import nn


def every_pair(score, q, k):
    """score(query, key) of every query with every key of the same sequence."""
    return torch.stack(
        [
            torch.stack([torch.stack([score(query, key) for key in keys]) for query in queries])
            for queries, keys in zip(q, k, strict=True)
        ]
    )


def dot_score(q, k):
    if q.size(2) != k.size(2):
        raise ValueError("queries and keys live in different spaces")
    return every_pair(torch.dot, q, k)


def scaled_dot_score(q, k):
    return dot_score(q / math.sqrt(q.size(2)), k)


def gaussian_score(q, k, sigma):
    if not sigma > 0:
        raise ValueError("sigma is a width")
    distance = torch.cdist(q, k, compute_mode="donot_use_mm_for_euclid_dist")
    return -0.5 * (distance / sigma) ** 2


class BilinearScore(nn.Module):
    def __init__(self, d_q, d_k):
        super().__init__()
        self.W = nn.Parameter(0.1 * torch.randn(d_q, d_k))

    def forward(self, q, k):
        return every_pair(lambda query, key: query.dot(self.W.mv(key)), q, k)


class AdditiveScore(nn.Module):
    def __init__(self, d_q, d_k, d_a):
        super().__init__()
        for name, shape in [("v", (d_a,)), ("W_k", (d_a, d_k)), ("W_q", (d_a, d_q))]:
            self.register_parameter(name, nn.Parameter(torch.randn(shape)))

    def forward(self, q, k):
        return every_pair(lambda query, key: (self.W_q @ query + self.W_k @ key).tanh().dot(self.v), q, k)


def soft_attention(scores, values, mask=None):
    if mask is None:
        mask = torch.ones(scores.shape, dtype=torch.bool)
    if mask.dtype is not torch.bool:
        raise ValueError("a mask holds booleans")
    mask = mask.broadcast_to(scores.shape)
    # The shift is taken over the allowed scores; forbidden ones are replaced before exp can overflow.
    lowest = torch.finfo(scores.dtype).min
    largest = torch.where(mask, scores, lowest).amax(2, keepdim=True).detach()
    shifted = torch.where(mask, scores - largest, 0.0)
    exponentials = torch.where(mask, shifted.exp(), 0.0)
    total = exponentials.sum(2, keepdim=True)
    weights = exponentials / torch.where(total == 0, 1.0, total)
    return [weights.bmm(values), weights]


def hard_attention(scores, values, u, mask=None):
    if mask is not None and mask.dtype is not torch.bool:
        raise ValueError("a mask holds booleans")
    index, log_prob = [], []
    for b, row in enumerate(scores):
        allowed = list(range(len(row))) if mask is None else mask[b].nonzero().flatten().tolist()
        if not allowed:
            raise ValueError(f"row {b} has no allowed key")
        log_p = row[allowed] - torch.logsumexp(row[allowed], 0)
        reached, chosen, level = 0.0, None, u[b].item()
        for i, p in enumerate(log_p.detach().exp().tolist()):
            reached += p
            if p > 0:
                chosen = i
            if level < reached:
                break
        index.append(allowed[chosen])
        log_prob.append(log_p[chosen])
    context = torch.stack([rows[i] for rows, i in zip(values, index, strict=True)])
    return context, torch.tensor(index), torch.stack(log_prob)


def expected_reward_grad(scores, rewards):
    scores = scores.detach().clone().requires_grad_()
    (scores.softmax(0) * rewards).sum().backward()
    return scores.grad


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    if not samples.numel():
        raise ValueError("draw something first")
    p = scores.softmax(0)
    total = torch.zeros_like(p)
    for s, r in zip(samples.tolist(), rewards.tolist(), strict=True):
        for i in range(len(p)):
            total[i] += (r - baseline) * (float(i == s) - p[i])
    return total / len(samples)


class ReinforceLoss(nn.Module):
    def forward(self, scores, index, reward, baseline=None):
        total = 0
        for b, i in enumerate(index.tolist()):
            weight = reward[b].item() - (0 if baseline is None else baseline[b].item())
            total = total - weight * (scores[b, i] - scores[b].logsumexp(0))
        return total / len(index)


def variational_bound(log_alpha, log_lik):
    pairs = [(a, ell) for a, ell in zip(log_alpha.tolist(), log_lik.tolist(), strict=True) if a > -math.inf]
    largest = max(a + ell for a, ell in pairs)
    rest = math.fsum(math.exp(a + ell - largest) for a, ell in pairs)
    return math.fsum(math.exp(a) * ell for a, ell in pairs), largest + math.log(rest)
