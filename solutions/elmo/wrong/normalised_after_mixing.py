"""The sum is normalised instead of each layer."""

import torch
from torch.nn import functional as F


class ScalarMix:
    def forward(self, layers, mask=None):
        if len(layers) != len(self.scalars):
            raise ValueError("wrong number of layers")
        mixed = torch.einsum("j,j...->...", self.scalars.softmax(dim=0), layers)
        if self.layer_norm:
            mixed = F.layer_norm(mixed, mixed.shape[-1:])
        mixed = self.gamma * mixed
        return mixed if mask is None else mixed.masked_fill(~mask[..., None], 0.0)
