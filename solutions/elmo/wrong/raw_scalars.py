"""The scalars are the weights themselves; there is no softmax."""

import torch
from torch.nn import functional as F


class ScalarMix:
    def forward(self, layers, mask=None):
        if len(layers) != len(self.scalars):
            raise ValueError("wrong number of layers")
        if self.layer_norm:
            layers = F.layer_norm(layers, layers.shape[-1:])
        mixed = self.gamma * torch.einsum("j,j...->...", self.scalars, layers)
        return mixed if mask is None else mixed.masked_fill(~mask[..., None], 0.0)
