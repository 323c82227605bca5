"""The new head has torch's default dtype, whatever the net's is."""

import torch
from torch import nn


class FineTuneNet:
    def replace_head(self, n_classes):
        if n_classes < 1:
            raise ValueError("n_classes must be at least 1")
        self.head = nn.Linear(self.head.in_features, n_classes, dtype=torch.float32).train(self.training)
