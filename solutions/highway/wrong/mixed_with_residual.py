"""The shortcut of the coupled layer is always open, y = T * H + x."""

import torch


class HighwayLayer:
    def forward(self, x):
        t = self.gates(x)
        h = self.activation(self.transform(x))
        c = 1 if self.carry is None else torch.sigmoid(self.carry(x))
        return t * h + c * x
