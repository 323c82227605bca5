"""Packed sequences for both stacks; cross_entropy with an ignored target; a mix by tensordot."""

from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

IGNORED = -100


def require(condition, message):
    if not condition:
        raise ValueError(message)


def lengths_of(tokens, mask, vocab_size):
    """Number of real tokens of each row, after all checks."""
    require(tokens.shape[1] > 0, "empty sentences")
    require(bool(((tokens >= 0) & (tokens < vocab_size)).all()), "an unknown id")
    if mask is None:
        return torch.full((tokens.shape[0],), tokens.shape[1])
    require(mask.shape == tokens.shape, "the mask does not fit the tokens")
    lengths = mask.long().sum(1)
    require(int(lengths.min()) > 0, "a row of padding only")
    prefix = torch.arange(tokens.shape[1]).expand_as(tokens) < lengths.unsqueeze(1)
    require(torch.equal(prefix, mask), "the mask is not a prefix")
    return lengths


def backwards(x, lengths):
    """Every row read from its own end."""
    rows = [torch.flip(row[:n], (0,)) for row, n in zip(x, lengths.tolist(), strict=True)]
    rows.append(x.new_zeros(x.shape[1:]))  # makes pad_sequence pad to the whole length
    return pad_sequence(rows, batch_first=True)[:-1]


class BiLM(nn.Module):
    def __init__(self, vocab_size, dim, n_layers):
        super().__init__()
        self.vocab_size = vocab_size
        self.embedding = nn.Embedding(vocab_size, dim)
        self.forward_lstm = nn.ModuleList([nn.LSTM(dim, dim) for _ in range(n_layers)])
        self.backward_lstm = nn.ModuleList([nn.LSTM(dim, dim) for _ in range(n_layers)])
        self.output = nn.Linear(dim, vocab_size)

    def run(self, lstms, x, lengths):
        """[x, layer 1, layer 2, ...], each (B, T, d) with zeros at padding."""
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        every = [packed]
        for lstm in lstms:
            packed, _ = lstm(packed)
            every.append(packed)
        return [pad_packed_sequence(one, batch_first=True, total_length=x.shape[1])[0] for one in every]

    def forward(self, tokens, mask=None):
        lengths = lengths_of(tokens, mask, self.vocab_size)
        x = self.embedding(tokens)
        there = self.run(self.forward_lstm, x, lengths)
        back = self.run(self.backward_lstm, backwards(x, lengths), lengths)
        back = [backwards(states, lengths) for states in back]
        layers = torch.stack([torch.cat(pair, -1) for pair in zip(there, back, strict=True)])
        return {"layers": layers, "logits_f": self.output(there[-1]), "logits_b": self.output(back[-1])}


def bilm_log_likelihood(logits_f, logits_b, tokens, mask=None):
    require(logits_f.shape == logits_b.shape, "two kinds of logits")
    require(logits_f.shape[:-1] == tokens.shape, "logits and tokens do not fit")
    lengths = lengths_of(tokens, mask, logits_f.shape[-1])
    padding = torch.arange(tokens.shape[1])[None] >= lengths[:, None]
    targets = tokens.masked_fill(padding, IGNORED)
    nothing = torch.full_like(tokens[:, :1], IGNORED)
    after = torch.cat([targets[:, 1:], nothing], 1)
    before = torch.cat([nothing, targets[:, :-1]], 1).masked_fill(padding, IGNORED)
    sums = [
        -F.cross_entropy(logits.mT, target, reduction="none", ignore_index=IGNORED).sum(1)
        for logits, target in ((logits_f, after), (logits_b, before))
    ]
    count = int((after != IGNORED).sum() + (before != IGNORED).sum())
    require(count > 0, "nothing to score")
    joint = sums[0].sum() + sums[1].sum()
    return {"forward": sums[0], "backward": sums[1], "joint": joint, "count": count, "loss": joint / -count}


class ScalarMix(nn.Module):
    def __init__(self, n_layers, layer_norm=False, init=None):
        super().__init__()
        init = [0.0] * n_layers if init is None else list(init)
        require(len(init) == n_layers, "one scalar for each layer")
        self.scalars = nn.Parameter(torch.tensor(init, dtype=torch.float32))
        self.gamma = nn.Parameter(torch.tensor([1.0]))
        self.layer_norm = layer_norm

    def forward(self, layers, mask=None):
        require(layers.shape[0] == self.scalars.numel(), "one layer for each scalar")
        if self.layer_norm:
            layers = F.layer_norm(layers, (layers.shape[-1],), eps=1e-5)
        mixed = torch.tensordot(torch.softmax(self.scalars, 0) * self.gamma, layers, dims=1)
        if mask is not None:
            mixed = torch.where(mask.unsqueeze(-1), mixed, torch.zeros_like(mixed))
        return mixed


class ElmoFeatures(nn.Module):
    def __init__(self, vocab_size, dim, n_layers, n_outputs=1, layer_norm=False):
        super().__init__()
        self.bilm = BiLM(vocab_size, dim, n_layers)
        self.mixes = nn.ModuleList([ScalarMix(1 + n_layers, layer_norm=layer_norm) for _ in range(n_outputs)])
        for parameter in self.bilm.parameters():
            parameter.requires_grad = False
        self.train()

    def train(self, mode=True):
        self.training = mode
        self.mixes.train(mode)
        self.bilm.train(False)
        return self

    @torch.no_grad()
    def states(self, tokens, mask):
        return self.bilm(tokens, mask)["layers"]

    def forward(self, tokens, mask=None):
        layers = self.states(tokens, mask)
        return [mix(layers, mask) for mix in self.mixes]
