"""LSTM cells by hand, with parameters under the names of nn.LSTM; the padding is stepped over, not moved.

The backward stack reads the padded row from its right end and keeps the zero state until the first real
token.
"""

from __future__ import annotations

import math

import torch
from torch import nn


class Cells(nn.Module):
    """One LSTM layer of one direction."""

    def __init__(self, dim):
        super().__init__()
        bound = dim**-0.5
        for kind in ("ih", "hh"):
            weight = torch.empty(4 * dim, dim).uniform_(-bound, bound)
            self.register_parameter(f"weight_{kind}_l0", nn.Parameter(weight))
            self.register_parameter(f"bias_{kind}_l0", nn.Parameter(torch.zeros(4 * dim)))

    def forward(self, x, real, order):
        h = c = torch.zeros_like(x[:, 0])
        states = {}
        for t in order:
            gates = x[:, t] @ self.weight_ih_l0.T + h @ self.weight_hh_l0.T
            i, f, g, o = (gates + self.bias_ih_l0 + self.bias_hh_l0).tensor_split(4, dim=1)
            c = (f.sigmoid() * c + i.sigmoid() * g.tanh()) * real[:, t]
            h = o.sigmoid() * c.tanh() * real[:, t]
            states[t] = h
        return torch.stack([states[t] for t in range(len(states))], dim=1)


def refuse_bad_rows(tokens, mask, vocab_size):
    """Row by row; returns the mask."""
    if mask is None:
        mask = torch.full(tokens.shape, True)
    if list(mask.shape) != list(tokens.shape):
        raise ValueError("shapes")
    for ids, row in zip(tokens.tolist(), mask.tolist(), strict=True):
        if True not in row or row != sorted(row, reverse=True):
            raise ValueError("padding")
        if min(ids) < 0 or max(ids) >= vocab_size:
            raise ValueError("ids")
    return mask


class BiLM(nn.Module):
    def __init__(self, vocab_size, dim, n_layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, dim)
        for name in ("forward_lstm", "backward_lstm"):
            self.add_module(name, nn.ModuleList(Cells(dim) for _ in range(n_layers)))
        self.output = nn.Linear(dim, vocab_size)

    def forward(self, tokens, mask=None):
        mask = refuse_bad_rows(tokens, mask, self.embedding.weight.shape[0])
        x = self.embedding(tokens)
        real = mask.unsqueeze(-1).to(x.dtype)
        steps = range(x.shape[1])
        left = right = x * real
        layers = [torch.cat((left, right), -1)]
        for rightwards, leftwards in zip(self.forward_lstm, self.backward_lstm, strict=True):
            left = rightwards(left, real, steps)
            right = leftwards(right, real, reversed(steps))
            layers.append(torch.cat((left, right), -1))
        return {"layers": torch.stack(layers), "logits_f": self.output(left), "logits_b": self.output(right)}


def bilm_log_likelihood(logits_f, logits_b, tokens, mask=None):
    if not (logits_f.dim() == 3 and logits_f.shape == logits_b.shape == (*tokens.shape, logits_f.shape[-1])):
        raise ValueError("shapes")
    mask = refuse_bad_rows(tokens, mask, logits_f.shape[-1])
    forward, backward, count = [], [], 0
    for row, n in enumerate(mask.sum(1).tolist()):
        t = torch.arange(n)
        ids = tokens[row, :n]
        log_f = logits_f[row, :n] - logits_f[row, :n].logsumexp(-1, keepdim=True)
        log_b = logits_b[row, :n] - logits_b[row, :n].logsumexp(-1, keepdim=True)
        forward.append(log_f[t[:-1], ids[1:]].sum())
        backward.append(log_b[t[1:], ids[:-1]].sum())
        count += 2 * (n - 1)
    if not count:
        raise ValueError("nothing to predict")
    forward, backward = torch.stack(forward), torch.stack(backward)
    joint = torch.cat([forward, backward]).sum()
    return {"forward": forward, "backward": backward, "joint": joint, "count": count, "loss": -joint / count}


class ScalarMix(nn.Module):
    def __init__(self, n_layers, layer_norm=False, init=None):
        super().__init__()
        if init is not None and len(init) != n_layers:
            raise ValueError("init")
        self.norm = layer_norm
        self.scalars = nn.Parameter(torch.zeros(n_layers))
        self.gamma = nn.Parameter(torch.ones(1))
        if init is not None:
            with torch.no_grad():
                for j, value in enumerate(init):
                    self.scalars[j] = value

    def forward(self, layers, mask=None):
        if layers.shape[0] != self.scalars.shape[0]:
            raise ValueError("layers")
        shares = (self.scalars - self.scalars.max()).exp()
        shares = shares / shares.sum()
        total = 0
        for share, layer in zip(shares, layers, strict=True):
            if self.norm:
                layer = layer - layer.mean(-1, keepdim=True)
                layer = layer / (layer.square().mean(-1, keepdim=True) + math.pow(10, -5)).sqrt()
            total = total + share * layer
        total = self.gamma * total
        return total if mask is None else total * mask[..., None]


class ElmoFeatures(nn.Module):
    def __init__(self, vocab_size, dim, n_layers, n_outputs=1, layer_norm=False):
        super().__init__()
        self.bilm = BiLM(vocab_size, dim, n_layers)
        self.bilm.requires_grad_(False)
        self.bilm.eval()
        # Whoever calls .train(True) on the biLM gets one in eval mode.
        self.bilm.train = lambda mode=True: self.bilm
        self.mixes = nn.ModuleList()
        for _ in range(n_outputs):
            self.mixes.append(ScalarMix(n_layers + 1, layer_norm))

    def forward(self, tokens, mask=None):
        out = self.bilm(tokens, mask)
        return [mix(out["layers"].detach(), mask) for mix in self.mixes]
