"""replace_head also releases the backbone."""

from torch import nn


class FineTuneNet:
    def replace_head(self, n_classes):
        if n_classes < 1:
            raise ValueError("n_classes must be at least 1")
        fresh = nn.Linear(self.head.in_features, n_classes).to(self.head.weight)
        self.head = fresh.train(self.training)
        self.unfreeze_backbone()
