"""Masks say True = forbidden, as in torch.nn.MultiheadAttention."""

# ruff: noqa: F821 - the other names are those of the reference

import torch


def _masked_softmax(scores, mask):
    if mask is None:
        return scores.softmax(dim=-1)
    empty = mask.all(dim=-1, keepdim=True)
    scores = scores.masked_fill(mask, -torch.inf).masked_fill(empty, 0.0)
    return scores.softmax(dim=-1).masked_fill(mask, 0.0)


def causal_mask(length):
    return torch.ones(length, length, dtype=torch.bool).triu(diagonal=1)


def padding_mask(lengths, length):
    if ((lengths < 0) | (lengths > length)).any():
        raise ValueError("a length does not fit")
    return torch.arange(length) >= lengths[:, None, None, None]


class DecoderLayer:
    def forward(self, x, memory, tgt_mask=None, memory_mask=None):
        self_mask = causal_mask(x.shape[1])
        if tgt_mask is not None:
            self_mask = self_mask | tgt_mask
        x = _add_and_norm(self, self.norm1, x, lambda y: self.self_attn(y, y, y, self_mask))
        x = _add_and_norm(self, self.norm2, x, lambda y: self.cross_attn(y, memory, memory, memory_mask))
        return _add_and_norm(self, self.norm3, x, self.ffn)
