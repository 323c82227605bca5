"""Encoder and decoder layers on one attention: rows without a key get a harmless softmax, then zeros."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn


def _require_bool(mask: Tensor) -> None:
    if mask.dtype != torch.bool:
        raise ValueError(f"a mask must be torch.bool (True = may attend), not {mask.dtype}")


def scaled_dot_product_attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """softmax(q k^T / sqrt(d)) v and the weights; a query without any allowed key gets zeros."""
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"q and k have different widths, {q.shape[-1]} and {k.shape[-1]}")
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"{k.shape[-2]} keys, but {v.shape[-2]} values")
    if mask is not None:
        _require_bool(mask)

    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    if mask is None:
        weights = scores.softmax(dim=-1)
    else:
        # A softmax over nothing is NaN, and so would be its gradient. Rows without any key are taken over all
        # keys first; the second fill then blanks them, and their gradient with them.
        hopeless = ~mask.any(dim=-1, keepdim=True)
        weights = scores.masked_fill(~(mask | hopeless), -math.inf).softmax(dim=-1).masked_fill(~mask, 0.0)
    return weights @ v, weights


def causal_mask(length: int) -> Tensor:
    """Bool (L, L), True on and below the diagonal."""
    if length < 1:
        raise ValueError("a causal mask needs at least one position")
    position = torch.arange(length)
    return position[None, :] <= position[:, None]


def padding_mask(lengths: Tensor, length: int) -> Tensor:
    """Bool (B, 1, 1, L), True at the first lengths[b] keys of sequence b."""
    if ((lengths < 0) | (lengths > length)).any():
        raise ValueError(f"all lengths must lie between 0 and {length}")
    return torch.arange(length, device=lengths.device) < lengths[:, None, None, None]


class MultiHeadAttention(nn.Module):
    """H attentions side by side, head h on the contiguous columns h * d_head to (h + 1) * d_head."""

    def __init__(self, d_model: int, n_heads: int, bias: bool = True) -> None:
        super().__init__()
        if n_heads < 1 or d_model % n_heads:
            raise ValueError(f"width {d_model} cannot be split evenly among {n_heads} heads")
        self.n_heads = n_heads
        self.d_head = d_model // n_heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            self.add_module(name, nn.Linear(d_model, d_model, bias=bias))

    def forward(self, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, Lq, D) from query (B, Lq, D) and key, value (B, Lk, D)."""

        def split(x: Tensor) -> Tensor:
            return x.unflatten(-1, (self.n_heads, self.d_head)).transpose(1, 2)  # (B, H, length, d_head)

        q, k, v = split(self.q_proj(query)), split(self.k_proj(key)), split(self.v_proj(value))
        heads, _ = scaled_dot_product_attention(q, k, v, mask)
        return self.out_proj(heads.transpose(1, 2).flatten(-2))


class PositionwiseFFN(nn.Module):
    """linear2(relu(linear1(x))), position by position."""

    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.linear1 = nn.Linear(d_model, d_ff)
        self.linear2 = nn.Linear(d_ff, d_model)

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) to (..., D)."""
        return self.linear2(self.linear1(x).relu())


class _ResidualLayer(nn.Module):
    """What both layers share: residual connection, dropout and norm around a sublayer, in either order."""

    def __init__(self, dropout: float, norm_first: bool) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.norm_first = norm_first

    def _wrap(self, x: Tensor, norm: nn.LayerNorm, sublayer: Callable[[Tensor], Tensor]) -> Tensor:
        if self.norm_first:
            return x + self.dropout(sublayer(norm(x)))
        return norm(x + self.dropout(sublayer(x)))


class EncoderLayer(_ResidualLayer):
    """Self-attention over all allowed positions, then the feed-forward network."""

    def __init__(
        self, d_model: int, n_heads: int, d_ff: int, dropout: float = 0.0, norm_first: bool = False
    ) -> None:
        super().__init__(dropout, norm_first)
        self.self_attn = MultiHeadAttention(d_model, n_heads)
        self.ffn = PositionwiseFFN(d_model, d_ff)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, L, D) to (B, L, D)."""
        x = self._wrap(x, self.norm1, lambda h: self.self_attn(h, h, h, mask))
        return self._wrap(x, self.norm2, self.ffn)


class DecoderLayer(_ResidualLayer):
    """Causal self-attention, cross-attention to memory, then the feed-forward network."""

    def __init__(
        self, d_model: int, n_heads: int, d_ff: int, dropout: float = 0.0, norm_first: bool = False
    ) -> None:
        super().__init__(dropout, norm_first)
        self.self_attn = MultiHeadAttention(d_model, n_heads)
        self.cross_attn = MultiHeadAttention(d_model, n_heads)
        self.ffn = PositionwiseFFN(d_model, d_ff)
        self.norm1 = nn.LayerNorm(d_model)
        self.norm2 = nn.LayerNorm(d_model)
        self.norm3 = nn.LayerNorm(d_model)

    def forward(
        self, x: Tensor, memory: Tensor, tgt_mask: Tensor | None = None, memory_mask: Tensor | None = None
    ) -> Tensor:
        """(B, T, D) to (B, T, D); position t sees x[:, :t + 1] and the allowed part of memory."""
        past = causal_mask(x.shape[1]).to(x.device)
        if tgt_mask is not None:
            _require_bool(tgt_mask)
            past = past & tgt_mask
        x = self._wrap(x, self.norm1, lambda h: self.self_attn(h, h, h, past))
        x = self._wrap(x, self.norm2, lambda h: self.cross_attn(h, memory, memory, memory_mask))
        return self._wrap(x, self.norm3, self.ffn)
