"""searchsorted on the cdf, index_add in the estimate, F.linear for the projections."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn


def dot_score(q, k):
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"widths {q.shape[-1]} and {k.shape[-1]}")
    return torch.bmm(q, k.mT)


def scaled_dot_score(q, k):
    return dot_score(q, k) * q.shape[-1] ** -0.5


def gaussian_score(q, k, sigma):
    if sigma <= 0:
        raise ValueError("sigma must be above 0")
    return -((q.unsqueeze(2) - k.unsqueeze(1)) / sigma).pow(2).sum(-1).div(2)


class BilinearScore(nn.Module):
    def __init__(self, d_q, d_k):
        super().__init__()
        self.W = nn.Parameter(torch.empty(d_q, d_k))
        nn.init.orthogonal_(self.W)

    def forward(self, q, k):
        return q.bmm(F.linear(k, self.W).mT)


class AdditiveScore(nn.Module):
    def __init__(self, d_q, d_k, d_a):
        super().__init__()
        self.W_q = nn.Parameter(torch.randn(d_a, d_q))
        self.W_k = nn.Parameter(torch.randn(d_a, d_k))
        self.v = nn.Parameter(torch.randn(d_a))

    def forward(self, q, k):
        hidden = F.linear(q, self.W_q).unsqueeze(2) + F.linear(k, self.W_k).unsqueeze(1)
        return F.linear(hidden.tanh(), self.v[None]).squeeze(-1)


def masked_softmax(scores, mask):
    """The lowest finite score where forbidden; the product with the mask only matters for empty rows."""
    if mask is None:
        return F.softmax(scores, dim=-1)
    if mask.dtype != torch.bool:
        raise ValueError("boolean masks only")
    return F.softmax(torch.where(mask, scores, torch.finfo(scores.dtype).min), dim=-1) * mask


def soft_attention(scores, values, mask=None):
    weights = masked_softmax(scores, mask)
    return torch.einsum("bij,bjd->bid", weights, values), weights


def hard_attention(scores, values, u, mask=None):
    p = masked_softmax(scores, mask)
    if not (p > 0).any(dim=1).all():
        raise ValueError("nothing to draw from")
    positions = torch.arange(p.shape[1])
    last = torch.where(p > 0, positions, 0).amax(dim=1, keepdim=True)
    index = torch.searchsorted(p.detach().cumsum(1), u[:, None].contiguous(), right=True).clamp(max=last)
    context = values.gather(1, index[..., None].expand(-1, -1, values.shape[2])).squeeze(1)
    return context, index.squeeze(1), p.gather(1, index).squeeze(1).log()


def expected_reward_grad(scores, rewards):
    p = F.softmax(scores, dim=0)
    return (torch.diag(p) - torch.outer(p, p)) @ rewards


def reinforce_grad(scores, samples, rewards, baseline=0.0):
    advantage = rewards - baseline
    if samples.shape[0] < 1:
        raise ValueError("M = 0")
    drawn = torch.zeros_like(scores).index_add(0, samples, advantage)
    return (drawn - advantage.sum() * F.softmax(scores, dim=0)) / samples.shape[0]


class ReinforceLoss(nn.Module):
    def forward(self, scores, index, reward, baseline=None):
        with torch.no_grad():
            advantage = reward - (torch.zeros_like(reward) if baseline is None else baseline)
        return (F.cross_entropy(scores, index, reduction="none") * advantage).sum() / scores.shape[0]


def variational_bound(log_alpha, log_lik):
    largest = log_lik.max()
    alpha = log_alpha.exp()
    return (alpha * log_lik).sum(), largest + torch.log((alpha * (log_lik - largest).exp()).sum())
