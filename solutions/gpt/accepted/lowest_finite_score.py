"""Attention head by head, forbidden scores at the lowest finite number; losses by log_softmax and gather.

A query without any key averages over all of them here: finite, and nobody reads it.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    def __init__(self, d_model: int, n_head: int) -> None:
        super().__init__()
        self.d_head = d_model // n_head
        self.in_proj = nn.Linear(d_model, 3 * d_model)
        self.out_proj = nn.Linear(d_model, d_model)

    def forward(self, x: Tensor, forbidden: Tensor) -> Tensor:
        all_q, all_k, all_v = self.in_proj(x).chunk(3, dim=-1)
        heads = []
        for q, k, v in zip(*(part.split(self.d_head, dim=-1) for part in (all_q, all_k, all_v)), strict=True):
            scores = torch.matmul(q, k.transpose(1, 2)) / math.sqrt(self.d_head)
            scores = scores.masked_fill(forbidden, torch.finfo(scores.dtype).min)
            heads.append(torch.matmul(torch.softmax(scores, dim=-1), v))
        return self.out_proj(torch.cat(heads, dim=-1))


class FeedForward(nn.Module):
    def __init__(self, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.fc = nn.Linear(d_model, d_ff)
        self.proj = nn.Linear(d_ff, d_model)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.fc(x)
        return self.proj(inner * 0.5 * (1 + torch.erf(inner / math.sqrt(2))))


class Layer(nn.Module):
    def __init__(self, d_model: int, n_head: int, d_ff: int) -> None:
        super().__init__()
        self.attn = Attention(d_model, n_head)
        self.ln1 = nn.LayerNorm(d_model)
        self.mlp = FeedForward(d_model, d_ff)
        self.ln2 = nn.LayerNorm(d_model)

    def forward(self, x: Tensor, forbidden: Tensor) -> Tensor:
        x = self.ln1(x + self.attn(x, forbidden))
        return self.ln2(x + self.mlp(x))


class GPT(nn.Module):
    """All of torch's own initialisation; the sizes are remembered."""

    def __init__(
        self,
        vocab_size: int,
        n_ctx: int,
        d_model: int,
        n_layer: int,
        n_head: int,
        d_ff: int,
        n_classes: int | None = None,
    ) -> None:
        if d_model % n_head:
            raise ValueError("the heads do not share d_model evenly")
        super().__init__()
        self.vocab_size, self.n_ctx = vocab_size, n_ctx
        self.wte = nn.Embedding(vocab_size, d_model)
        self.wpe = nn.Embedding(n_ctx, d_model)
        self.blocks = nn.ModuleList(Layer(d_model, n_head, d_ff) for _ in range(n_layer))
        if n_classes is not None:
            self.clf = nn.Linear(d_model, n_classes)

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        mask = torch.full(ids.shape, True) if mask is None else mask
        length = ids.size(1)
        if length > self.n_ctx or mask.size() != ids.size():
            raise ValueError("too long, or the mask does not fit")
        if ids.min() < 0 or ids.max() >= self.vocab_size:
            raise ValueError("an id is not in the vocabulary")
        last = last_real_index(mask) if hasattr(self, "clf") else None

        before = torch.zeros_like(ids)
        before[:, 1:] = mask[:, :-1].long().cumsum(dim=1)
        hidden = self.wte(ids) + self.wpe(before)
        future = torch.triu(torch.ones(length, length), diagonal=1).bool()
        for layer in self.blocks:
            hidden = layer(hidden, future | ~mask[:, None, :])

        outputs = {"hidden": hidden, "lm_logits": nn.functional.linear(hidden, self.wte.weight)}
        if last is not None:
            states = [row[index] for row, index in zip(hidden, last, strict=True)]
            outputs["clf_logits"] = self.clf(torch.stack(states))
        return outputs


def last_real_index(mask: Tensor) -> Tensor:
    """The largest of the indices found, row by row."""
    found = [row.nonzero().flatten().tolist() for row in mask]
    if not all(found):
        raise ValueError("a row of padding only")
    return torch.tensor([max(indices) for indices in found])


def lm_loss(lm_logits: Tensor, ids: Tensor, mask: Tensor | None = None) -> Tensor:
    """Log-probabilities of the next tokens, weighted 1 or 0."""
    weight = torch.ones_like(lm_logits[:, 1:, 0])
    if mask is not None:
        weight = weight * mask[:, 1:] * mask[:, :-1]
    log_probs = lm_logits[:, :-1].log_softmax(dim=-1).gather(2, ids[:, 1:, None]).squeeze(2)
    return -(weight * log_probs).sum() / max(float(weight.sum()), 1.0)


def finetune_loss(
    clf_logits: Tensor,
    labels: Tensor,
    lm_logits: Tensor,
    ids: Tensor,
    mask: Tensor | None = None,
    lm_coef: float = 0.5,
) -> dict[str, Tensor]:
    """The negative log-probability of the labels, and the LM's share."""
    if not lm_coef >= 0:
        raise ValueError("lm_coef must be at least 0")
    losses = {
        "clf": -clf_logits.log_softmax(dim=1).gather(1, labels[:, None]).mean(),
        "lm": lm_loss(lm_logits, ids, mask),
    }
    return losses | {"total": losses["clf"] + lm_coef * losses["lm"]}


def task_inputs(
    kind: str, parts: list[list[int]], *, start: int, delim: int, extract: int, n_ctx: int
) -> list[list[int]]:
    """A list of the orders in which the parts are read, then one sequence for each."""
    n = len(parts)
    orders = {
        "classification": [[0]] if n == 1 else [],
        "entailment": [[0, 1]] if n == 2 else [],
        "similarity": [[0, 1], [1, 0]] if n == 2 else [],
        "choice": [[0, i] for i in range(1, n)] if n > 2 else [],
    }.get(kind, [])
    if not orders:
        raise ValueError("an unknown kind, or a wrong number of parts")
    for part in parts:
        for special in (start, delim, extract):
            if special in part:
                raise ValueError("a special token in a text")
    sequences = []
    for order in orders:
        sequence = [start]
        for index in order:
            sequence.extend(parts[index])
            sequence.append(delim)
        sequence[-1] = extract
        if len(sequence) > n_ctx:
            raise ValueError("too long")
        sequences.append(sequence)
    return sequences
