"""The number of layers is not compared with that of the scalars; a single layer is silently broadcast."""

import torch
from torch.nn import functional as F


class ScalarMix:
    def forward(self, layers, mask=None):
        if self.layer_norm:
            layers = F.layer_norm(layers, layers.shape[-1:])
        mixed = self.gamma * torch.einsum("j,j...->...", self.scalars.softmax(dim=0), layers)
        return mixed if mask is None else mixed.masked_fill(~mask[..., None], 0.0)
