"""One head at a time on column slices, einsum, and a softmax written out by hand."""

from __future__ import annotations

import math

import torch
from torch import nn


def scaled_dot_product_attention(q, k, v, mask=None):
    """Exponentials of the allowed scores, shifted by their largest, divided by their sum."""
    if mask is not None and not (torch.is_tensor(mask) and mask.dtype is torch.bool):
        raise ValueError("a mask holds booleans")
    if q.size(-1) != k.size(-1) or k.size(-2) != v.size(-2):
        raise ValueError("q, k and v do not fit together")
    scores = torch.einsum("...id,...jd->...ij", q, k) / math.sqrt(q.size(-1))
    allowed = torch.ones_like(scores, dtype=torch.bool) if mask is None else mask.expand_as(scores)
    lowest = torch.finfo(scores.dtype).min
    largest = torch.where(allowed, scores, lowest).amax(-1, keepdim=True).detach()
    # A forbidden score may exceed the largest allowed one: without this its exp could overflow.
    shifted = torch.where(allowed, scores - largest, 0.0)
    exponentials = torch.where(allowed, shifted.exp(), 0.0)
    # With an allowed key the sum is at least exp(0) = 1, so the clamp acts on empty rows only.
    weights = exponentials / exponentials.sum(-1, keepdim=True).clamp(min=0.5)
    return torch.einsum("...ij,...jd->...id", weights, v), weights


def causal_mask(length):
    """Index arithmetic."""
    index = torch.arange(length)
    return index[:, None] >= index[None, :]


def padding_mask(lengths, length):
    """One sequence at a time."""
    rows = []
    for count in lengths.tolist():
        if not 0 <= count <= length:
            raise ValueError(f"length {count} does not lie in 0..{length}")
        rows.append([[[position < count for position in range(length)]]])
    return torch.tensor(rows, dtype=torch.bool)


class MultiHeadAttention(nn.Module):
    """A Python loop over the heads."""

    def __init__(self, d_model, n_heads, bias=True):
        super().__init__()
        self.width, remainder = divmod(d_model, n_heads)
        if remainder:
            raise ValueError("n_heads must divide d_model")
        self.heads = n_heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            self.add_module(name, nn.Linear(d_model, d_model, bias))

    def forward(self, query, key, value, mask=None):
        q, k, v = self.q_proj(query), self.k_proj(key), self.v_proj(value)
        if mask is not None:
            mask = mask.broadcast_to(q.size(0), self.heads, q.size(1), k.size(1))
        outputs = []
        for head in range(self.heads):
            columns = slice(head * self.width, (head + 1) * self.width)
            own_mask = None if mask is None else mask[:, head]
            output, _ = scaled_dot_product_attention(
                q[..., columns], k[..., columns], v[..., columns], own_mask
            )
            outputs.append(output)
        return self.out_proj(torch.cat(outputs, dim=-1))


class PositionwiseFFN(nn.Module):
    """The ReLU as a clamp."""

    def __init__(self, d_model, d_ff):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(d_model, d_ff), nn.Linear(d_ff, d_model)

    def forward(self, x):
        return self.linear2(self.linear1(x).clamp(min=0))


class EncoderLayer(nn.Module):
    """Both orders written out."""

    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        super().__init__()
        self.self_attn, self.ffn = MultiHeadAttention(d_model, n_heads), PositionwiseFFN(d_model, d_ff)
        self.norm1, self.norm2 = nn.LayerNorm(d_model), nn.LayerNorm(d_model)
        self.rate, self.norm_first = dropout, norm_first

    def drop(self, x):
        """Inverted dropout by hand."""
        if not self.training or self.rate == 0:
            return x
        return x * (torch.rand_like(x) >= self.rate) / (1 - self.rate)

    def forward(self, x, mask=None):
        if self.norm_first:
            normed = self.norm1(x)
            x = x + self.drop(self.self_attn(normed, normed, normed, mask))
            return x + self.drop(self.ffn(self.norm2(x)))
        x = self.norm1(x + self.drop(self.self_attn(x, x, x, mask)))
        return self.norm2(x + self.drop(self.ffn(x)))


class DecoderLayer(EncoderLayer):
    """An encoder layer with one sublayer more."""

    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        super().__init__(d_model, n_heads, d_ff, dropout, norm_first)
        self.cross_attn, self.norm3 = MultiHeadAttention(d_model, n_heads), nn.LayerNorm(d_model)

    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        mask = causal_mask(x.size(1))
        if tgt_mask is not None:
            mask = mask.logical_and(tgt_mask)
        if self.norm_first:
            normed = self.norm1(x)
            x = x + self.drop(self.self_attn(normed, normed, normed, mask))
            x = x + self.drop(self.cross_attn(self.norm2(x), memory, memory, memory_mask))
            return x + self.drop(self.ffn(self.norm3(x)))
        x = self.norm1(x + self.drop(self.self_attn(x, x, x, mask)))
        x = self.norm2(x + self.drop(self.cross_attn(x, memory, memory, memory_mask)))
        return self.norm3(x + self.drop(self.ffn(x)))
