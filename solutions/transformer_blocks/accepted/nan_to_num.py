"""`masked_fill` with -inf, softmax, `nan_to_num`; heads by view and transpose; layers on a common base class.

The NaN of an empty row does no harm in the backward pass here: `masked_fill` passes no gradient to the places
it filled, and an empty row is filled everywhere.
"""

from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F


def scaled_dot_product_attention(q, k, v, mask=None):
    """Scale the queries, fill, softmax, repair."""
    *_, n_keys, width = k.shape
    if q.shape[-1] != width:
        raise ValueError("queries and keys have different widths")
    if v.shape[-2] != n_keys:
        raise ValueError("keys and values have different lengths")
    scores = torch.matmul(q * width**-0.5, k.mT)
    if mask is not None:
        if mask.dtype != torch.bool:
            raise ValueError("mask must be boolean")
        scores = scores.masked_fill(mask.logical_not(), float("-inf"))
    weights = F.softmax(scores, dim=-1).nan_to_num(nan=0.0)
    return torch.matmul(weights, v), weights


def causal_mask(length):
    """The complement of what lies above the diagonal."""
    return ~torch.triu(torch.ones((length, length), dtype=torch.bool), diagonal=1)


def padding_mask(lengths, length):
    """Compare, then insert the dimensions."""
    if len(lengths) and (lengths.min() < 0 or lengths.max() > length):
        raise ValueError("a length is out of range")
    return (torch.arange(length)[None] < lengths.view(-1, 1)).unsqueeze(1).unsqueeze(1)


class MultiHeadAttention(nn.Module):
    """The widespread view-and-transpose."""

    def __init__(self, d_model, n_heads, bias=True):
        if d_model % n_heads:
            raise ValueError("d_model % n_heads != 0")
        super().__init__()
        self.d_model, self.n_heads, self.d_head = d_model, n_heads, d_model // n_heads
        self.q_proj = nn.Linear(d_model, d_model, bias=bias)
        self.k_proj = nn.Linear(d_model, d_model, bias=bias)
        self.v_proj = nn.Linear(d_model, d_model, bias=bias)
        self.out_proj = nn.Linear(d_model, d_model, bias=bias)

    def heads(self, x):
        """(B, L, D) -> (B, H, L, d_head)."""
        return x.view(x.shape[0], -1, self.n_heads, self.d_head).transpose(1, 2)

    def forward(self, query, key, value, mask=None):
        q, k, v = self.heads(self.q_proj(query)), self.heads(self.k_proj(key)), self.heads(self.v_proj(value))
        out = scaled_dot_product_attention(q, k, v, mask)[0]
        return self.out_proj(out.transpose(1, 2).contiguous().view(query.shape[0], -1, self.d_model))


class PositionwiseFFN(nn.Module):
    """With `F.relu`."""

    def __init__(self, d_model, d_ff):
        super().__init__()
        self.linear1 = nn.Linear(d_model, d_ff)
        self.linear2 = nn.Linear(d_ff, d_model)

    def forward(self, x):
        return self.linear2(F.relu(self.linear1(x)))


class _Layer(nn.Module):
    """Self-attention, feed-forward network and what surrounds a sublayer."""

    def __init__(self, d_model, n_heads, d_ff, dropout, norm_first, n_norms):
        super().__init__()
        self.self_attn = MultiHeadAttention(d_model, n_heads)
        self.ffn = PositionwiseFFN(d_model, d_ff)
        for i in range(1, n_norms + 1):
            setattr(self, f"norm{i}", nn.LayerNorm(d_model, eps=1e-5))
        self.drop = nn.Dropout(dropout)
        self.norm_first = norm_first

    def before(self, x, norm):
        """What the sublayer reads."""
        return norm(x) if self.norm_first else x

    def after(self, x, y, norm):
        """What the next sublayer gets."""
        x = x + self.drop(y)
        return x if self.norm_first else norm(x)


class EncoderLayer(_Layer):
    """Two sublayers."""

    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        super().__init__(d_model, n_heads, d_ff, dropout, norm_first, n_norms=2)

    def forward(self, x, mask=None):
        y = self.before(x, self.norm1)
        x = self.after(x, self.self_attn(y, y, y, mask), self.norm1)
        return self.after(x, self.ffn(self.before(x, self.norm2)), self.norm2)


class DecoderLayer(_Layer):
    """Three sublayers."""

    def __init__(self, d_model, n_heads, d_ff, dropout=0.0, norm_first=False):
        super().__init__(d_model, n_heads, d_ff, dropout, norm_first, n_norms=3)
        self.cross_attn = MultiHeadAttention(d_model, n_heads)

    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        mask = causal_mask(x.shape[1])[None, None]
        if tgt_mask is not None:
            mask = mask & tgt_mask
        y = self.before(x, self.norm1)
        x = self.after(x, self.self_attn(y, y, y, mask), self.norm1)
        y = self.before(x, self.norm2)
        x = self.after(x, self.cross_attn(y, memory, memory, memory_mask), self.norm2)
        return self.after(x, self.ffn(self.before(x, self.norm3)), self.norm3)
