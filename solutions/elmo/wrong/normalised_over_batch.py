"""layer_norm takes its statistics over all real positions of the batch together."""

import torch


class ScalarMix:
    def forward(self, layers, mask=None):
        if len(layers) != len(self.scalars):
            raise ValueError("wrong number of layers")
        if self.layer_norm:
            real = torch.ones(layers.shape[1:-1], dtype=torch.bool) if mask is None else mask
            values = layers[:, real].flatten(start_dim=1)
            shape = (-1, *[1] * (layers.dim() - 1))
            mean, var = values.mean(dim=1).view(shape), values.var(dim=1, correction=0).view(shape)
            layers = (layers - mean) / (var + 1e-5).sqrt()
        mixed = self.gamma * torch.einsum("j,j...->...", self.scalars.softmax(dim=0), layers)
        return mixed if mask is None else mixed.masked_fill(~mask[..., None], 0.0)
