"""The mixes leave out layer 0, the token layer."""

# ruff: noqa: F821 - the other names are those of the reference

from torch import nn


class ElmoFeatures:
    def __init__(self, vocab_size, dim, n_layers, n_outputs=1, layer_norm=False):
        super().__init__()
        self.bilm = _FrozenBiLM(vocab_size, dim, n_layers).requires_grad_(False).eval()
        self.mixes = nn.ModuleList(ScalarMix(n_layers, layer_norm) for _ in range(n_outputs))

    def forward(self, tokens, mask=None):
        layers = self.bilm(tokens, mask)["layers"][1:]
        return [mix(layers) for mix in self.mixes]
