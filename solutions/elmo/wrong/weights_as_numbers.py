"""The weights are turned into Python numbers, which no gradient can pass."""

from torch.nn import functional as F


class ScalarMix:
    def forward(self, layers, mask=None):
        if len(layers) != len(self.scalars):
            raise ValueError("wrong number of layers")
        if self.layer_norm:
            layers = F.layer_norm(layers, layers.shape[-1:])
        weights = self.scalars.softmax(dim=0).tolist()
        mixed = self.gamma * sum(weight * layer for weight, layer in zip(weights, layers, strict=True))
        return mixed if mask is None else mixed.masked_fill(~mask[..., None], 0.0)
