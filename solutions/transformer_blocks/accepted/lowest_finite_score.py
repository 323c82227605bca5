"""Forbidden scores become the lowest finite number, and the weights are multiplied by the mask.

Where a key is allowed, forbidden weights underflow to 0 by themselves; the product only matters for empty
rows. The layers run through a list of sublayers and norms.
"""

from __future__ import annotations

import math

import torch
from torch import nn


def scaled_dot_product_attention(q, k, v, mask=None):
    """Fill, softmax, multiply by the mask."""
    if q.size(-1) != k.size(-1) or k.size(-2) != v.size(-2):
        raise ValueError(f"shapes {tuple(q.shape)}, {tuple(k.shape)}, {tuple(v.shape)} do not fit")
    scores = q.matmul(k.transpose(-1, -2)).div(math.sqrt(k.size(-1)))
    if mask is None:
        weights = torch.softmax(scores, -1)
        return weights.matmul(v), weights
    if mask.dtype is not torch.bool:
        raise ValueError("mask.dtype must be torch.bool")
    scores = torch.where(mask, scores, torch.finfo(scores.dtype).min)
    weights = torch.softmax(scores, -1) * mask.to(scores.dtype)
    return weights.matmul(v), weights


def causal_mask(length):
    """Row by row."""
    return torch.tensor([[j <= i for j in range(length)] for i in range(length)])


def padding_mask(lengths, length):
    """Fill in the real positions."""
    if any(n < 0 or n > length for n in lengths.tolist()):
        raise ValueError("lengths out of range")
    mask = torch.zeros(len(lengths), 1, 1, length, dtype=torch.bool)
    for row, n in zip(mask, lengths.tolist(), strict=True):
        row[..., :n] = True
    return mask


class MultiHeadAttention(nn.Module):
    """Heads by einsum with a reshaped projection."""

    def __init__(self, d_model, n_heads, bias=True):
        super().__init__()
        if d_model % n_heads > 0:
            raise ValueError("d_model must be divisible by n_heads")
        self.n_heads = n_heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            nn.Linear(d_model, d_model, bias=bias) for _ in range(4)
        )

    def forward(self, query, key, value, mask=None):
        projected = (self.q_proj(query), self.k_proj(key), self.v_proj(value))
        q, k, v = (torch.stack(x.chunk(self.n_heads, dim=-1), dim=1) for x in projected)
        out, _ = scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(torch.cat(out.unbind(dim=1), dim=-1))


class PositionwiseFFN(nn.Module):
    """The ReLU as a module; it has no parameters."""

    def __init__(self, d_model, d_ff):
        super().__init__()
        self.linear1 = nn.Linear(d_model, d_ff)
        self.relu = nn.ReLU()
        self.linear2 = nn.Linear(d_ff, d_model)

    def forward(self, x):
        return self.linear2(self.relu(self.linear1(x)))


class EncoderLayer(nn.Module):
    """A loop over (sublayer, norm)."""

    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        super().__init__()
        self.self_attn = MultiHeadAttention(d_model, n_heads)
        self.ffn = PositionwiseFFN(d_model, d_ff)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.dropout = nn.Dropout(dropout)
        self.norm_first = norm_first

    def run(self, x, steps):
        """All sublayers in order."""
        for sublayer, norm in steps:
            if self.norm_first:
                x = x + self.dropout(sublayer(norm(x)))
            else:
                x = norm(x + self.dropout(sublayer(x)))
        return x

    def forward(self, x, mask=None):
        return self.run(x, [(lambda y: self.self_attn(y, y, y, mask), self.norm1), (self.ffn, self.norm2)])


class DecoderLayer(EncoderLayer):
    """The same loop over three sublayers."""

    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        super().__init__(d_model, n_heads, d_ff, dropout=dropout, norm_first=norm_first)
        self.cross_attn = MultiHeadAttention(d_model, n_heads)
        self.norm3 = nn.LayerNorm(d_model)

    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        length = x.size(1)
        mask = causal_mask(length)
        if tgt_mask is not None:
            mask = torch.logical_and(mask, tgt_mask)
        steps = [
            (lambda y: self.self_attn(y, y, y, mask), self.norm1),
            (lambda y: self.cross_attn(y, memory, memory, memory_mask), self.norm2),
            (self.ffn, self.norm3),
        ]
        return self.run(x, steps)
