"""train() does not return the net."""

from torch import nn


class FineTuneNet:
    def train(self, mode=True):
        nn.Module.train(self, mode)
        if self._frozen:
            self.backbone.eval()
