"""The gate multiplies x and 1 - gate multiplies H, as in libraries whose gate is the carry gate."""

import torch


class HighwayLayer:
    def forward(self, x):
        t = self.gates(x)
        h = self.activation(self.transform(x))
        c = 1 - t if self.carry is None else torch.sigmoid(self.carry(x))
        return t * x + c * h
