"""The biLM runs under no_grad, but its parameters still have requires_grad True."""

# ruff: noqa: F821 - the other names are those of the reference

import torch
from torch import nn


class ElmoFeatures:
    def __init__(self, vocab_size, dim, n_layers, n_outputs=1, layer_norm=False):
        super().__init__()
        self.bilm = _FrozenBiLM(vocab_size, dim, n_layers).eval()
        self.mixes = nn.ModuleList(ScalarMix(n_layers + 1, layer_norm) for _ in range(n_outputs))

    def forward(self, tokens, mask=None):
        with torch.no_grad():
            layers = self.bilm(tokens, mask)["layers"]
        return [mix(layers) for mix in self.mixes]
