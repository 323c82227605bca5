"""The parameters of the biLM keep requires_grad True."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class ElmoFeatures:
    def __init__(self, vocab_size, dim, n_layers, n_outputs=1, layer_norm=False):
        super().__init__()
        self.bilm = _FrozenBiLM(vocab_size, dim, n_layers).eval()
        self.mixes = nn.ModuleList(ScalarMix(n_layers + 1, layer_norm) for _ in range(n_outputs))
